"""How much a row may weigh in training, from how sure its label is. Sources: METHODS.md section 8; Ethayarajh et al. (2024) for KTO."""

from decimal import ROUND_HALF_EVEN, Decimal

DIGITS = 6
MOST_NOISE = 0.35  # beyond it robust DPO's loss is more than 3.3 times as large as the plain one


def label_noise(p_right: float) -> float:
    """The ε of conservative and robust DPO: the chance that the label is wrong. p_right: recalibrated, from 0.5 to 1."""
    return round(1 - p_right, DIGITS)


def row_weight(p_right: float) -> float:
    """KTO's weight of a row, 2P - 1: nothing for a coin's throw, 1 for what is sure."""
    return round(2 * p_right - 1, DIGITS)


def kto_weights(desirable: int, undesirable: int) -> dict[str, str]:
    """KTO's `desirable_weight` and `undesirable_weight`, by which the weighted counts of both are equal: the rarer weighs more.

    As decimal strings. Nothing where one of them has no rows: no weight makes up for it.
    """
    if not desirable or not undesirable:
        return {}
    rarer = min(desirable, undesirable)
    return {name: decimal(Decimal(max(desirable, undesirable)) / rarer if count == rarer else Decimal(1))
            for name, count in (("desirable", desirable), ("undesirable", undesirable))}  # fmt: skip


def decimal(value: float | Decimal) -> str:
    """A figure as the manifest has it: no exponent, six digits at most."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-DIGITS), rounding=ROUND_HALF_EVEN)
    return format(rounded.normalize(), "f")
