"""`reviewer release audit`: whether labels are safe to train on."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.line import DONE
from reviewer.cli.options import Options

if TYPE_CHECKING:
    from reviewer.domain.shortcuts import Audit
    from reviewer.operations.auditing import Audited

_MARKS = {"warning": "!", "note": "-", "fine": "ok"}
_STRONGEST = 5
_LISTED = 3


def _audit_options(options: Options) -> None:
    options.add_argument("campaigns", nargs="+", metavar="CAMPAIGN", help="names or ids")
    options.add_argument("--aggregate", default="answer", metavar="A", help="how labels become one answer, as in `release` (answer)")
    options.add_argument("--min-confidence", metavar="P", help="leave out what is less sure than this, as in `release`")
    options.add_argument("--split", default="1,0,0", metavar="SHARES", help="train, validation and test, as in `release` (1,0,0)")
    options.add_argument("--against", metavar="PATH", help="an earlier release, or a file that measures a model: is any of it in the rows?")


def _audit(call: Call) -> int:
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        found = operations.auditing.audit_release(
            workspace,
            call.ticket,
            names=given.campaigns,
            aggregate=given.aggregate,
            split=given.split,
            min_confidence=given.min_confidence,
            against=None if given.against is None else Path(given.against).expanduser(),
        ).value
    call.out.answer(_document(found), "\n".join(_lines(found)))
    return DONE


def _lines(found: "Audited") -> list[str]:
    lines = [f"{found.items:,} items of {', '.join(found.campaigns)} would have rows."]
    for one in found.findings:
        lines.append(f"{_MARKS[one.level]:>2} {one.found}")
        if one.todo:
            lines.append(f"   What to do: {one.todo}")
        if one.items and one.level != "fine":
            more = f" and {len(one.items) - _LISTED} more" if len(one.items) > _LISTED else ""
            lines.append(f"   Such as {', '.join(item[:12] for item in one.items[:_LISTED])}{more}.")
    for title, audit in (("the label", found.labels), ("which output is chosen", found.pairs)):
        if audit is not None and audit.alone:
            lines += [f"What predicts {title} by itself, of {audit.items:,}:", *_strongest(audit, pairs=audit is found.pairs)]
    return lines


def _strongest(audit: "Audit", *, pairs: bool) -> list[str]:
    from reviewer.operations.audit_findings import direction, name_of

    lines = []
    for one in audit.alone[:_STRONGEST]:
        figures = f"{one.auc.value:.3f} ({one.auc.low:.3f} to {one.auc.high:.3f})"
        lines.append(f"   {name_of(one.feature):27} {figures}  {direction(one, pairs=pairs)}".rstrip())
    return lines


def _document(found: "Audited") -> dict[str, Any]:
    return {
        "campaigns": list(found.campaigns),
        "items": found.items,
        "parts": {part: {"compliant": good, "items": n} for part, (good, n) in found.parts.items()},
        "findings": [one._asdict() for one in found.findings],
        "labels": _told(found.labels),
        "by_clause": {clause: _told(audit) for clause, audit in found.by_clause.items()},
        "pairs": _told(found.pairs),
        "near_duplicates": {
            "groups": [list(group) for group in found.duplicates.groups],
            "alike": [{"items": [first, second], "similarity": similarity} for first, second, similarity in found.duplicates.alike],
            "would_cross": found.duplicates.would_cross,
        },
        "position": None if found.position is None else found.position._asdict(),
        "contradictions": None if found.contradictions is None else found.contradictions._asdict(),
        "seen": None if found.seen is None else {"texts": found.seen.texts, "seen": len(found.seen.seen), "any": found.seen.any,
                                                "share": found.seen.share, "interval": found.seen.interval},
    }  # fmt: skip


def _told(audit: "Audit | None") -> dict[str, Any] | None:
    """The figures of an audit; of each feature whether more of it goes with what is good, null where its values have no order."""
    if audit is None:
        return None
    return {
        "n": audit.items,
        "positive": audit.positive,
        "reason": audit.reason or None,
        "shortcuts": [
            {"feature": one.feature, "auc": one.auc.value, "low": one.auc.low, "high": one.auc.high, "more": one.more, "risky": one.risky}
            for one in audit.alone
        ],
        "together": None if audit.together is None else audit.together._asdict(),
        "judge": None if audit.judge is None else {"auc": audit.judge.value, "low": audit.judge.low, "high": audit.judge.high},
        "warns": audit.warns,
    }


COMMANDS = {"release audit": Command(_audit_options, _audit, "reviewer release audit refunds --split 0.9,0.1 --against test.jsonl")}
