"""What happened to an item in plain sentences: the same words in the window and on the command line."""

from reviewer.domain.errors import shown
from reviewer.domain.histories import Happening, Named
from reviewer.operations.telling import Line, Section, Tone, time_words

_VERDICTS = {"non_compliant": "non-compliant", "policy_at_fault": "policy at fault", None: "a preference"}
_TONES: dict[str, Tone] = {"disagreement": "warn", "requeue": "warn", "policy": "warn", "resolution": "ok"}
_LONG = 600  # characters of a text from outside that are told


def sentence(one: Happening) -> str:
    """“Ben labelled it compliant under 4.2 of refunds, version 1: “Within 30 days.””"""
    by = shown(one.by, 60)
    verdict = _VERDICTS.get(one.verdict, one.verdict or "")
    match one.kind:
        case "label":
            severity = f", {one.severity}," if one.severity else ""
            said = f"{by} labelled it {'again: ' if one.again else ''}{verdict}{severity}{_under(one)}{_showing(one)}"
        case "retract":
            said = f"{by} took the label back"
        case "disagreement":
            said = "All labels were there, and they differed"
        case "requeue":
            said = _asked_again(one, by)
        case "resolution" if one.verdict == "policy_at_fault":
            said = f"{by} found the policy at fault{_at(one)}"
        case "resolution":
            said = f"{by} resolved it as {verdict}{_under(one)}"
        case "policy":
            said = f"{_version(one.clauses[0])} {'dropped' if one.gone else 'changed'} {_clauses(one)}"
    return f"{said}: “{_cut(one.note)}”" if one.note else f"{said}."


def section(happenings: tuple[Happening, ...]) -> Section:
    """All of it, a line each, under the day and time."""
    return Section("What happened", tuple(Line(time_words(one.time), sentence(one), _TONES.get(one.kind, "")) for one in happenings))


def as_text(happenings: tuple[Happening, ...]) -> str:
    """All of it as text, a line each."""
    return "\n".join(f"{time_words(one.time)}  {sentence(one)}" for one in happenings)


def _asked_again(one: Happening, by: str) -> str:
    if one.why == "stale":
        return f"{by} asked for it again, since {_clauses(one) if one.clauses else 'the policy'} had changed"
    if one.why == "sent_back":
        return f"{by} sent it back to all who had labelled it"
    return f"{by} asked for it again"


def _under(one: Happening) -> str:
    if not one.clauses:
        return ""
    by_version: dict[str, list[str]] = {}
    for clause in one.clauses:
        by_version.setdefault(_edition(clause), []).append(shown(clause.clause, 40))
    return " under " + " and ".join(f"{', '.join(clauses)} of {edition}" for edition, clauses in by_version.items())


def _at(one: Happening) -> str:
    return f", at {_under(one).removeprefix(' under ')}" if one.clauses else ""


def _edition(clause: Named) -> str:
    number = f"version {clause.number}" if clause.number is not None else "a version that is not here"
    return f"{shown(clause.policy, 40)}, {number}"


def _version(clause: Named) -> str:
    number = f"Version {clause.number}" if clause.number is not None else "A version that is not here"
    return f"{number} of {shown(clause.policy, 40)}"


def _clauses(one: Happening) -> str:
    return ", ".join(f"clause {shown(clause.clause, 40)}" for clause in one.clauses)


def _showing(one: Happening) -> str:
    return "" if one.showing == 1 else ", shown a second time"


def _cut(text: str | None) -> str:
    return shown(text or "", _LONG)
