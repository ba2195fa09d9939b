"""The README's tables of keys and settings, made from the catalogue."""

import sys
from collections.abc import Iterable
from pathlib import Path

from reviewer.catalogue import actions, settings
from reviewer.catalogue.actions import Action, Where
from reviewer.catalogue.key_rows import key_rows


def keys_table() -> str:
    """Every action that has a key, one table a place, in Markdown; ends with a line break."""
    parts = []
    for where in Where:
        rows = [action for action in actions.ALL if action.where is where and action.keys]
        if rows:
            parts.append(f"**{where.value.capitalize()}**\n\n| key | does |\n| --- | --- |\n{_rows(rows)}")
    return "\n".join(parts)


def settings_table() -> str:
    """Every setting that a person may change, in Markdown; ends with a line break."""
    rows = "".join(f"| `{setting.key}` | {setting.text} | `{_plain(setting.default)}` |\n" for setting in settings.ALL if not setting.ours)
    return f"| setting | what it does | default |\n| --- | --- | --- |\n{rows}"


def filled(text: str) -> str:
    """A Markdown text with what stands between `<!-- keys -->` or `<!-- settings -->` and `<!-- end -->` made anew."""
    for mark, table in (("keys", keys_table()), ("settings", settings_table())):
        start, found, rest = text.partition(f"<!-- {mark} -->\n")
        if found:
            _old, _end, after = rest.partition("<!-- end -->")
            text = f"{start}{found}{table}<!-- end -->{after}"
    return text


def _rows(rows: Iterable[Action]) -> str:
    return "".join(f"| {' or '.join(f'`{key}`' for key in row.keys)} | {row.title} |\n" for row in key_rows(rows))


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main(path: str) -> None:
    """Make the tables of a Markdown file anew: `python -m reviewer.catalogue.tables README.md`."""
    file = Path(path)
    file.write_text(filled(file.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
