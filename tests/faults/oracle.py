"""What a set of entries must mean, said a second time and as plainly as can be: for judging the fold, which the tables only agree with.

Slow, and on purpose without a line of the fold's. Source: JOURNAL.md 2.4 and 2.9.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from reviewer.domain.chain import Body, Entry, MemberId
from reviewer.domain.facts import Link
from reviewer.domain.state import State

_ALL = {"lead", "adjudicator", "reviewer", "observer"}
_RULES = {"lead", "adjudicator"}
_WORKS = {"lead", "adjudicator", "reviewer"}
ROLES = {
    "enrol": {"lead"}, "revoke": {"lead"}, "policy_publish": {"lead"}, "policy_activate": {"lead"}, "campaign": {"lead"}, "draw": {"lead"},
    "campaign_close": {"lead"}, "release": {"lead"}, "erase_request": {"lead"}, "gold": _RULES, "resolve": _RULES, "suggestion": _RULES,
    "requeue": _RULES, "finding": _RULES, "alarm": _RULES, "label": _WORKS, "skip": _WORKS, "escalate": _WORKS, "retract": _WORKS,
    "incident": {"lead"}, "incident_update": _RULES,
}  # fmt: skip


def wrongs(entries: Sequence[Entry], state: State, later: Sequence[Link] = ()) -> Iterator[str]:
    """Everything in which a state is not what its entries make. entries: of this version, each once; later: the others."""
    refused = {one.hash for one in state.not_counted}
    counted = {entry.hash: entry.body for entry in entries if entry.hash not in refused}
    yield from _authors(entries, counted, state)
    yield from _revoked(entries, later, counted, state)
    yield from _labels(counted, state)
    yield from _rulings(counted, state)
    yield from _two_answers(counted, state)
    yield from _incidents(counted, state)


def _authors(entries: Sequence[Entry], counted: dict[Any, Body], state: State) -> Iterator[str]:
    """I8: every fact traces to a device that a chain of leads admitted, in a role that had the right."""
    devices = {device.id: device for device in state.devices}
    bodies = {entry.hash: entry.body for entry in entries}
    for device in state.devices:
        admission = bodies[device.admitted]
        if admission.kind == "genesis":
            continue
        by = devices.get(admission.device)
        if admission.kind != "enrol" or by is None or admission.value["device"] != device.id:
            yield f"device {device.id[:8]} was admitted by nobody"
        elif by.role != "lead":
            yield f"device {device.id[:8]} was admitted by a {by.role}"
    if len({device.stream for device in state.devices}) != len(state.devices):
        yield "two devices have one stream"
    for name, body in counted.items():
        author = devices.get(body.device)
        entitled = author is not None and author.member == body.actor and author.role in ROLES.get(body.kind, _ALL)
        if body.kind in KNOWN and not entitled:
            yield f"{body.kind} {name[:8]} counts, and its author had no right to it"


def _revoked(entries: Sequence[Entry], later: Sequence[Link], counted: dict[Any, Body], state: State) -> Iterator[str]:
    """What a revoked device signed counts only where a revocation names it, or what follows it."""
    bodies = {entry.hash: entry.body for entry in entries}
    places: dict[Any, Body | Link] = {**bodies, **{link.hash: link for link in later}}
    for revocation in state.revocations:
        value = bodies[revocation.hash].value
        trusted: set[str | None] = set()
        absent = []
        for point in value["trusted"]:
            at: Any = point["hash"]
            if at not in places or places[at].device != value["device"]:
                absent.append(point)
            while at in places and places[at].device == value["device"]:
                trusted.add(at)
                at = places[at].prev if places[at].seq > 1 else None
        for name, body in counted.items():
            early = any(body.stream == point["stream"] and body.seq < point["seq"] for point in absent)
            if body.device == value["device"] and name not in trusted and not early and body.kind in KNOWN - {"genesis"}:
                yield f"{body.kind} {name[:8]} counts, and was signed after its device was revoked"


def _same_question(one: Body, other: Body) -> bool:
    return (one.value["campaign"], one.value["item"]) == (other.value["campaign"], other.value["item"])


def gone_labels(counted: dict[Any, Body]) -> set[str]:
    """Labels that their own author replaced or took back."""
    gone: set[str] = set()
    for body in counted.values():
        if body.kind not in ("label", "retract"):
            continue
        for target in body.deps:
            aim = counted.get(target)
            if aim is None or aim.kind != "label" or aim.actor != body.actor or not _same_question(aim, body):
                continue
            if body.kind == "retract" or aim.value["showing"] == body.value["showing"]:
                gone.add(target)
    return gone


def gone_members(counted: dict[Any, Body], state: State) -> set[MemberId]:
    """Members of whom every device was revoked: they can answer nothing any more, until a further device is admitted for them."""
    revoked = {body.value["device"] for body in counted.values() if body.kind == "revoke"}
    return {device.member for device in state.devices} - {device.member for device in state.devices if device.id not in revoked}


def _labels(counted: dict[Any, Body], state: State) -> Iterator[str]:
    gone = gone_labels(counted)
    wanted = {name: name not in gone for name, body in counted.items() if body.kind == "label"}
    found = {label.hash: label.in_force for label in state.labels}
    for name in wanted.keys() | found.keys():
        if wanted.get(name) != found.get(name):
            yield f"label {name[:8]} should be in force: {wanted.get(name)}, and is: {found.get(name)}"


def _rulings(counted: dict[Any, Body], state: State) -> Iterator[str]:
    """A resolution gives way only to one that names it; nobody resolves over their own label where the campaign forbids it."""
    rulings = {name: body for name, body in counted.items() if body.kind == "resolve"}
    found = {one.hash: one.in_force for one in state.resolutions}
    for name, body in rulings.items():
        named = any(name in other.deps and _same_question(body, other) for other in rulings.values())
        if found.get(name) != (not named):
            yield f"resolution {name[:8]} should be in force: {not named}, and is: {found.get(name)}"
        own = [counted[target] for target in body.deps if target in counted and counted[target].kind == "label"]
        forbidden = not counted[body.value["campaign"]].value.get("own_adjudication", False)
        if forbidden and any(one.actor == body.actor and _same_question(one, body) for one in own):
            yield f"resolution {name[:8]} counts, and weighs its author's own label"


def _two_answers(counted: dict[Any, Body], state: State) -> Iterator[str]:
    gone = gone_labels(counted)
    verdicts: dict[tuple[object, ...], set[object]] = {}
    for name, body in counted.items():
        if body.kind == "label" and name not in gone:
            question = (body.value["campaign"], body.value["item"], body.value["showing"], body.actor)
            verdicts.setdefault(question, set()).add(body.value.get("verdict"))
    wanted = sorted(key[:2] for key, said in verdicts.items() if len(said) > 1)
    found = sorted((one.campaign, one.subject) for one in state.conflicts if one.kind == "two_answers")
    if wanted != found:
        yield f"{len(wanted)} members contradict themselves, {len(found)} conflicts say so"


KNOWN = frozenset(ROLES) | {"genesis", "member_name", "erase_done", "export", "fork_seen", "stream_open"}


_SAYS = ("severity", "owner", "root_cause", "status", "deadline", "aware_ms", "sample")


def _incidents(counted: dict[Any, Body], state: State) -> Iterator[str]:
    """A field of an incident holds until a later act names the one that said it and says it anew; only leads say how one stands."""
    acts = {name: body for name, body in counted.items() if body.kind in ("incident", "incident_update")}
    if {one.hash for one in state.incidents} != set(acts):
        yield "the acts on incidents that are shown are not those that count"
    roles = {device.id: device.role for device in state.devices}
    about = {name: name if body.kind == "incident" else body.value["incident"] for name, body in acts.items()}
    for name, body in acts.items():
        if about[name] not in acts or acts[about[name]].kind != "incident":
            yield f"what {name[:8]} says of an incident counts, and there is none"
        if body.kind == "incident_update" and body.value.get("status") is not None and roles[body.device] != "lead":
            yield f"{name[:8]} says how an incident stands, by no lead"
    for one in state.incidents:
        for field, _, holds in one.said:
            key = "aware_ms" if field == "aware" else field
            if key in _SAYS and holds == any(
                one.hash in body.deps and about[name] == one.incident and body.value.get(key) is not None for name, body in acts.items()
            ):
                yield f"{field} of {one.hash[:8]} {'holds, and gave way' if holds else 'gave way to nothing'}"
