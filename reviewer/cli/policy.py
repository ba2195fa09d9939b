"""`reviewer policy list`, `show`, `diff` and `activate`: the written rules that labels cite."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, size
from reviewer.cli.output import one_line, plain, table

if TYPE_CHECKING:
    from reviewer.domain.policies import Clause, Difference
    from reviewer.operations.policies import PolicyStanding
    from reviewer.storage.policies import Version


def _none(_options: Options) -> None:
    """Takes none of its own."""


def _key(options: Options) -> None:
    options.add_argument("key", metavar="KEY", help="the policy's short name, such as support")


def _show_options(options: Options) -> None:
    _key(options)
    options.add_argument("--version", type=size, metavar="N", help="which version; else the one in force")


def _diff_options(options: Options) -> None:
    _key(options)
    options.add_argument("before", type=size, metavar="A", help="the number of a version")
    options.add_argument("after", type=size, metavar="B", help="the number of another")


def _activate_options(options: Options) -> None:
    _key(options)
    options.add_argument("number", type=size, metavar="N", help="the number of the version that is to hold")


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.policies.list_policies(workspace, call.ticket).value
    rows = [
        (one.key, str(version.number), version.effective or "-", str(version.clauses_n), one_line(version.title, 60), _state(one, version))
        for one in found
        for version in one.versions
    ]
    text = table(rows, heads=("policy", "version", "effective", "clauses", "title", "")) if rows else "There is no policy yet."
    call.out.answer({"policies": [_standing(one) for one in found]}, text)
    return 0


def _show(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.policies.show_policy(workspace, call.ticket, key=call.options.key, number=call.options.version).value
        found = operations.clause_notes.notes_on_clause(workspace, call.ticket, policy=done.key).value
    notes = {clause.clause: [note for note in found if note.clause == clause.clause] for clause, _since in done.clauses}
    document = {
        **version_shape(done.key, done.version),
        "clauses": [
            {
                **titled(clause),
                "text": clause.text,
                "sha256": clause.hash,
                "since_version": since,
                "notes": [note._asdict() for note in notes[clause.clause]],
            }
            for clause, since in done.clauses
        ],
    }
    one = done.version
    state = "in force" if one.in_force else "not in force"
    lines = [
        f"{one_line(one.title, 120)}: {done.key}, version {one.number}, {state}" + (f", since {one.effective}" if one.effective else "")
    ]
    for clause, since in done.clauses:
        head = f"{plain(clause.clause)}{_printed(clause)}  {one_line(clause.title, 120)}"
        lines += ["", f"{head}  (since version {since})", _indented(clause.text)]
        for note in notes[clause.clause]:
            lines.append(f"    note of {one_line(note.by, 60)}, item {note.item[:12]}: {one_line(note.text or 'erased', 300)}")
    call.out.answer(document, "\n".join(lines))
    return 0


def _diff(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        done = operations.policies.compare_versions(workspace, call.ticket, key=given.key, before=given.before, after=given.after).value
    found = done.difference
    lines = []
    for old, new in found.changed:
        lines += [f"changed {plain(new.clause)}  {one_line(new.title, 120)}", _indented(old.text, "  - "), _indented(new.text, "  + "), ""]
    for word, sign, clauses in (("added", "  + ", found.added), ("removed", "  - ", found.removed)):
        for clause in clauses:
            lines += [f"{word} {plain(clause.clause)}  {one_line(clause.title, 120)}", _indented(clause.text, sign), ""]
    document = {"key": done.key, "from": done.before.number, "to": done.after.number, **differing(found, texts=True)}
    call.out.answer(document, "\n".join(lines).rstrip() or f"Versions {given.before} and {given.after} have the same clauses.")
    return 0


def _activate(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.policies.activate_policy(workspace, call.ticket, key=call.options.key, number=call.options.number).value
    document = {
        **version_shape(done.key, done.version),
        "replaced": [one.number for one in done.replaced],
        "stale_labels": done.stale_labels,
    }
    stale = f" {done.stale_labels:,} labels in force cite clauses in other words." if done.stale_labels else ""
    call.out.answer(document, f"Version {done.version.number} of {done.key} is in force.{stale}")
    return 0


def version_shape(key: str, one: "Version") -> dict[str, Any]:
    """A version, as every answer names it."""
    return {"key": key, "version": one.number, "id": one.hash, "title": one.title, "effective": one.effective, "in_force": one.in_force}


def _standing(one: "PolicyStanding") -> dict[str, Any]:
    versions = [{**version_shape(one.key, version), "clauses": version.clauses_n} for version in one.versions]
    active = one.in_force
    return {
        "key": one.key,
        "title": (active or one.versions[-1]).title,
        "in_force": None if active is None else active.number,
        "conflict": one.conflict,
        "versions": versions,
    }


def _state(one: "PolicyStanding", version: "Version") -> str:
    if not version.in_force:
        return ""
    return "in force, beside another: activate one" if one.conflict else "in force"


def titled(clause: "Clause") -> dict[str, str]:
    """A clause by key and title, and by its number where the text prints another one."""
    return {"clause": clause.clause, "title": clause.title, **({"number": clause.number} if clause.number else {})}


def differing(found: "Difference", *, texts: bool = False) -> dict[str, Any]:
    """The three lists; texts: with what stands there."""
    return {
        "changed": [{**titled(new), **({"before": old.text, "after": new.text} if texts else {})} for old, new in found.changed],
        "added": [{**titled(one), **({"text": one.text} if texts else {})} for one in found.added],
        "removed": [{**titled(one), **({"text": one.text} if texts else {})} for one in found.removed],
    }


def _printed(clause: "Clause") -> str:
    return f" (printed as {plain(clause.number)})" if clause.number else ""


def _indented(text: str, sign: str = "    ") -> str:
    return "\n".join(f"{sign}{line}" for line in plain(text).splitlines())


COMMANDS = {
    "policy list": Command(_none, _list, "reviewer policy list"),
    "policy show": Command(_show_options, _show, "reviewer policy show support --version 1"),
    "policy diff": Command(_diff_options, _diff, "reviewer policy diff support 1 2"),
    "policy activate": Command(_activate_options, _activate, "reviewer policy activate support 2"),
}
