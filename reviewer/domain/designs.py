"""What a lead chooses of a sampling design: by what it is stratified, how picks are allotted, what makes an item more likely."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

from reviewer.domain.errors import Refused, about, shown

VERSION = "1"  # of the designs below, kept with every draw: what a draw says is read as that version meant it
MOST_STRATA = 100
LEAST_CONTROL = 0.3  # METHODS.md 10: below, the random part is too thin to stand for itself
CONTROL = "0.3"
_SHARE = re.compile(r"0|1|0\.\d{1,12}|1\.0{1,12}", re.ASCII)

Allocation = Literal["proportional", "neyman"]


class Selection(NamedTuple):
    """What a design asks beside its kind.

    by: the field whose values are the strata. allocation: picks by size of the strata, or by size and spread. floor: picks in each stratum
    at least; None for the usual two. weight: the field that a probability follows; with Neyman's allocation, the one that says how much
    strata vary. control: share of the picks that is drawn at random, a decimal string; "" for the usual three tenths.
    """

    by: str = ""
    allocation: Allocation = "proportional"
    floor: int | None = None
    weight: str = ""
    control: str = ""

    @property
    def control_share(self) -> float:
        """The share of the random control arm."""
        return float(self.control or CONTROL)

    def facts(self) -> dict[str, str]:
        """What a draw keeps of it, so that growing goes on in the same way; what was not asked is left out."""
        asked = {
            "by": self.by,
            "allocation": self.allocation if self.by else "",
            "floor": "" if self.floor is None else str(self.floor),
            "weight": self.weight,
            "control": self.control,
        }
        return {name: text for name, text in asked.items() if text}


def of_facts(facts: Mapping[str, str]) -> Selection:
    """The selection that a draw kept."""
    floor = facts.get("floor", "")
    return Selection(
        by=facts.get("by", ""),
        allocation=cast(Allocation, facts.get("allocation", "proportional")),
        floor=int(floor) if floor.isascii() and floor.isdigit() else None,
        weight=facts.get("weight", ""),
        control=facts.get("control", ""),
    )


def check(design: str, selection: Selection) -> None:
    """Raises Refused for a selection that the kind of design cannot follow."""
    with about("by"):
        if design == "stratified" and not selection.by:
            raise Refused(
                "A stratified sample needs a field to stratify by.", "Name one, such as agent, model, kind, month or a metadata field."
            )
        _alone("stratified", design, "A field to stratify by", selection.by)
    with about("allocation"):
        _alone("stratified", design, "An allocation", selection.allocation != "proportional")
    with about("floor"):
        _alone("stratified", design, "A floor", selection.floor is not None)
        if selection.floor is not None and selection.floor < 1:
            raise Refused(f"A floor of {selection.floor} picks means nothing.", "Give 1 or more, or leave it out.")
    with about("weight"):
        _check_weight(design, selection)
    with about("control"):
        _alone("poisson", design, "A control share", selection.control)
        if selection.control:
            _check_control(selection.control)


def _alone(of: str, design: str, what: str, given: object) -> None:
    if given and design != of:
        raise Refused(f"{what} is for the design {of} alone.", f"Choose the design {of}, or leave it out.")


def _check_weight(design: str, selection: Selection) -> None:
    if design == "poisson" and not selection.weight:
        raise Refused("A risk-weighted sample needs weights.", "Name a score or another numeric field, such as suggestion:JUDGE.")
    if selection.weight and design != "poisson" and selection.allocation != "neyman":
        raise Refused(
            "Weights are for risk-weighted samples, and for Neyman's allocation.", "Choose one of the two, or leave out the weight."
        )


def _check_control(text: str) -> None:
    if not _SHARE.fullmatch(text):
        raise Refused(f"“{shown(text, 40)}” is no share of a control arm.", f"Give a decimal from {LEAST_CONTROL} to 1, or 0 for none.")
    if 0 < float(text) < LEAST_CONTROL:
        raise Refused(
            f"A control arm of {text} is too thin to stand for itself.",
            f"Give {LEAST_CONTROL} or more, or 0 where nothing is to be read off it.",
        )
