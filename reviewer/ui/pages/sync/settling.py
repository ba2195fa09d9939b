"""What each kind of conflict is called, and what one person can do about it."""

from typing import TYPE_CHECKING, Literal

from reviewer.domain.chain import DeviceId
from reviewer.domain.errors import shown
from reviewer.domain.events import Role
from reviewer.ui.pages.sync.settle import SettleRow, SideWords
from reviewer.ui.widgets.times import moment

if TYPE_CHECKING:
    from reviewer.operations.conflicts import Side, Standoff

Way = Literal["again", "resolve", "choose", "case", "look"]
_PILLS = {"compliant": "ok", "non_compliant": "bad", "unsure": "warn", "policy_at_fault": "warn"}
_VERDICTS = {"non_compliant": "non-compliant", "policy_at_fault": "policy at fault"}
_WHY = {
    "two_answers": "{who} labelled it on two devices, neither knew of the other",
    "retracted_and_relabelled": "{who} took the label back and gave a new one at the same time",
    "resolutions": "two resolutions, neither knew of the other",
    "disagreement": "all labels are there and they differ",
    "new_evidence": "new evidence after the resolution",
    "incident": "two people changed it, neither knew of the other",
    "policy": "two versions were put in force at the same time",
}
_ACTS: dict[Way, str] = {"again": "label it again", "resolve": "resolve", "choose": "choose", "case": "open it", "look": "see the story"}


def way_of(one: "Standoff", role: Role) -> Way:
    """What the person can do: who gave two answers labels again, whoever may rule and gave none of the labels resolves, a lead chooses;
    others can look."""
    if one.action == "label_again":
        return "again" if one.mine else "look"
    if one.action == "activate":
        return "choose" if role == "lead" else "look"
    if one.action == "set_incident":
        return "case"
    return "resolve" if role in ("lead", "adjudicator") and not one.own else "look"


def row_of(key: int, one: "Standoff", role: Role, here: frozenset[DeviceId], zone: str) -> SettleRow:
    """A conflict as the table shows it, what was said on a device of `here` first, and beside it what differs from that. Of more than two,
    the last column counts the rest."""
    way = way_of(one, role)
    sides = sorted(one.sides, key=lambda side: (side.device not in here, side.kind != "resolution", side.time))
    who = "you" if one.mine else shown(sides[0].member, 40)
    act = "look again" if one.action == "look_again" and way == "resolve" else _ACTS[way]
    if way == "look" and one.action == "activate":
        act = "a lead chooses"
    if way == "look" and one.own:
        act = "another person"
    first, *rest = (_words(side, one, here, zone) for side in sides)
    there = next((side for side in reversed(rest) if side.said != first.said), rest[-1] if rest else SideWords("", "", ""))
    if len(rest) > 1:
        there = there._replace(note=f"{there.note}, and {len(rest) - 1} more")
    what = f"Policy {shown(one.policy or '', 40)}" if one.item is None else f"Item {one.item[:6]}"
    what = what if one.incident is None else f"Incident {one.incident[:6]}"
    return SettleRow(key, what, _WHY[one.kind].format(who=who), first, there, act, one.item or "")


def _words(side: "Side", one: "Standoff", here: frozenset[DeviceId], zone: str) -> SideWords:
    time = moment(side.time, zone, year=False)
    place = "this machine" if side.device in here else f"device {side.device[:6]}"
    who = {"label_again": place, "activate": shown(side.member, 40), "set_incident": shown(side.member, 40)}.get(
        one.action
    )  # whoever may rule on it learns no name before
    note = time if who is None else f"{who}, {time}"
    if side.kind == "retract":
        return SideWords("taken back", "", note)
    if side.kind == "activation":
        return SideWords("another version" if side.version is None else f"version {side.version}", "", f"by {note}")
    if side.kind in ("incident", "change"):
        return SideWords("as it was opened" if side.kind == "incident" else "a change", "", f"by {note}")
    verdict = _VERDICTS.get(side.verdict or "", side.verdict or "a preference")
    if side.kind == "resolution":
        return SideWords(f"resolved: {verdict}", "", note)
    return SideWords(verdict, _PILLS.get(side.verdict or "", "plain"), note)
