"""The scale of a share: from 0 to a round top, with a few lines between."""

from typing import NamedTuple

_TOPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_STEPS = {0.01: 0.005, 0.02: 0.01, 0.05: 0.01, 0.1: 0.05, 0.2: 0.1, 0.3: 0.1, 0.4: 0.1, 0.5: 0.1, 0.6: 0.2, 0.8: 0.2, 1.0: 0.25}


class Axis(NamedTuple):
    """top: the share at its end. step: between two lines."""

    top: float
    step: float

    def lines(self) -> list[float]:
        """The shares at which there is a line, 0 and the top among them."""
        return [self.step * number for number in range(round(self.top / self.step) + 1)]

    def along(self, share: float) -> float:
        """How far along the scale a share lies, 0 to 1."""
        return min(max(share / self.top, 0.0), 1.0)


def axis_for(highest: float) -> Axis:
    """The shortest scale that holds a share, 0 to 1."""
    top = next((top for top in _TOPS if top >= highest - 1e-9), 1.0)
    return Axis(top, _STEPS[top])


def ticked(share: float) -> str:
    """“40%”, “0.5%”: a share as it stands at a line."""
    return f"{100 * share:g}%"
