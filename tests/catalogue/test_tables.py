"""The README's tables are the catalogue, not a copy of it."""

from reviewer.catalogue import actions, settings, tables


def test_every_key_and_every_setting_has_a_row() -> None:
    keys = tables.keys_table()
    assert "| `Ctrl ↵` or `Ctrl Enter` | Record and go to next |" in keys
    assert "| `1–9` | Cite clause 1–9 |" in keys
    assert "| `2` | Left one slightly better; of more, output 2 |" in keys
    assert "| `6–8` | Output 6–8 |" in keys
    together = ("review.cite_", *(f"compare.choose_{n}" for n in (6, 7, 8)))
    keyed = [action for action in actions.ALL if action.keys and not action.id.startswith(together)]
    assert all(f"| {action.title} |" in keys for action in keyed)
    assert keys.count("Cite clause") == 1
    rows = tables.settings_table()
    assert all((f"`{setting.key}`" in rows) is not setting.ours for setting in settings.ALL)


def test_a_stale_table_is_made_anew_and_the_rest_stays() -> None:
    text = "before\n<!-- settings -->\nold\n<!-- end -->\nafter\n"
    filled = tables.filled(text)
    assert filled.startswith("before\n<!-- settings -->\n| setting |")
    assert filled.endswith("<!-- end -->\nafter\n")
    assert "\nold\n" not in filled
    assert tables.filled(filled) == filled
