"""`reviewer suggestions check`: how far a judge can be believed, and whether a newer version of it may take its place."""

from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call, Command
from reviewer.cli.options import Options, number
from reviewer.cli.output import one_line, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.domain.anchoring import Effect
    from reviewer.domain.differences import WeightedShare
    from reviewer.operations.following import Following
    from reviewer.operations.instruments import Checked, Measured, Replaced

_SHARES = ("sensitivity", "specificity", "positive_value", "negative_value", "agreement", "flagged", "rate")
_LISTED = 10


def _options(options: Options) -> None:
    options.add_argument("campaign", metavar="CAMPAIGN", help="its name or id; its answers by blind labels are the measure")
    options.add_argument("--judge", metavar="NAME", help="one judge, named as its suggestions are, NAME@VERSION; else all")
    options.add_argument("--against", metavar="NAME", help="an older version: both are compared on the items that both judged")
    options.add_argument(
        "--threshold", type=number, metavar="S", help="scores from here on are non-compliant, where no verdict is given (0.5)"
    )
    options.add_argument("--low-is-bad", action="store_true", help="scores down from the threshold are the non-compliant ones")


def _check(call: Call) -> int:
    from reviewer import operations
    from reviewer.operations.instruments import Cut

    given = call.options
    cut = Cut(0.5 if given.threshold is None and given.low_is_bad else given.threshold, given.low_is_bad)
    with call.opened() as workspace:
        found = operations.instruments.check_judges(
            workspace, call.ticket, campaign=given.campaign, judge=given.judge, against=given.against, cut=cut
        ).value
    call.out.answer(_document(found), _text(found))
    return 0


def _document(found: "Checked") -> dict[str, Any]:
    return {
        "campaign": found.campaign,
        "id": found.id,
        "basis": found.basis,
        "answered": found.answered,
        "hidden": found.hidden,
        "weighted": found.weighted,
        "judges": [_judge(one) for one in found.judges],
        "replaced": None if found.replaced is None else _replaced(found.replaced),
    }


def _judge(one: "Measured") -> dict[str, Any]:
    accuracy = one.accuracy
    return {
        "judge": one.judge,
        "n": one.n,
        "judged": one.judged,
        "silent": one.silent,
        "differing": one.differing,
        **{name: None if accuracy is None else _share(getattr(accuracy, name)) for name in _SHARES},
        "youden": None if accuracy is None or accuracy.youden is None else accuracy.youden._asdict(),
        "alpha": one.chance_corrected._asdict(),
        "auc": one.discrimination,
        "reliability": None
        if one.curve is None
        else {
            "bins": [{"score": each.score, **_share(each.share)} for each in one.curve.bins],
            "ece": one.curve.ece,
            "low": one.curve.low,
            "high": one.curve.high,
        },
        "rogan_gladen": None if one.rate is None else one.rate._asdict(),
        "following": _effect(one.following.all),
        "following_right": _effect(one.following.right),
        "following_wrong": _effect(one.following.wrong),
        "randomised": one.following.randomised,
        "pairs": None if one.following.pairs is None else one.following.pairs._asdict() | {"test": one.following.pairs.test._asdict()},
        "arms_left_out": {"shown_unseen": one.following.unseen, "blind_led": one.following.led},
        "reasons": one.reasons,
    }


def _share(share: "WeightedShare") -> dict[str, Any]:
    return {"value": share.value, "low": share.low, "high": share.high, "n": share.n}


def _effect(found: "Effect") -> dict[str, Any]:
    return {
        "shown": found.shown._asdict(),
        "blind": found.blind._asdict(),
        "difference": None if found.difference is None else found.difference._asdict(),
        "p": None if found.test is None else found.test.p,
        "by_reviewer": None if found.by_reviewer is None else found.by_reviewer._asdict(),
        "per_arm": found.per_arm,
    }


def _replaced(found: "Replaced") -> dict[str, Any]:
    return {**found._asdict(), "errors": found.errors._asdict(), "flags": found.flags._asdict(), "to_score": list(found.to_score)}


def _text(found: "Checked") -> str:
    name = one_line(found.campaign, 120)
    if not found.judges:
        return f"{name}: no judge has said anything of a drawn item that you may know."
    rows = [
        (
            one_line(one.judge, 40),
            f"{one.n:,}",
            *(_figure(one, which) for which in ("sensitivity", "specificity", "positive_value")),
            _alpha(one),
        )
        for one in found.judges
    ]
    lines = [
        f"{name}: {found.basis}",
        *([f"{found.hidden:,} items are left out: they wait for your own blind label."] if found.hidden else []),
        "",
        table(rows, heads=("judge", "items", "sensitivity", "specificity", "right when it flags", "alpha")),
    ]
    for one in found.judges:
        lines.extend(_notes(one))
    if found.replaced is not None:
        lines.extend(_replacement(found.replaced))
    return "\n".join(lines)


def _notes(one: "Measured") -> list[str]:
    name, lines = one_line(one.judge, 40), []
    if one.curve is not None:
        lines.append(
            f"{name}: scores are off by {one.curve.ece:.1%} on average ({one.curve.low:.1%} to {one.curve.high:.1%});"
            f" {'-' if one.discrimination is None else f'{one.discrimination:.2f}'} of pairs are in the right order."
        )
    if one.rate is not None:
        lines.append(f"{name}: the rate behind what it flags is {one.rate.value:.1%} ({one.rate.low:.1%} to {one.rate.high:.1%}).")
    if one.silent:
        lines.append(f"{name}: {one.silent:,} drawn items have no verdict of its own; where it gave scores, name a --threshold.")
    if one.differing:
        lines.append(
            f"{name}: {one.differing:,} items are left out since it said different things of them; name versions apart, NAME@VERSION."
        )
    return [*lines, *(f"{name}: {line}" for line in _followed(one.following))]


def _followed(found: "Following") -> "Iterator[str]":
    """What seeing its suggestion did, in sentences."""
    every = found.all
    if every.difference is None:
        if found.randomised:
            yield f"whether its suggestions lead is not known: {found.reasons['following']}."
        return
    yield (
        f"whoever saw its suggestion agreed with it {every.shown.yes:,} of {every.shown.n:,} times, who did not {every.blind.yes:,} of"
        f" {every.blind.n:,}: {_points(every)}; chance {'decided' if found.randomised else 'did not decide'} who saw it."
    )
    if not found.randomised:
        return
    odds = every.by_reviewer
    if odds is not None and odds.odds_ratio is not None:
        limits = f"{odds.low:.2f} to {odds.high:.2f}, Mantel-Haenszel over {odds.strata} reviewers"
        yield f"the odds to agree are {odds.odds_ratio:.2f} times as high with it in view ({limits})."
    elif "by_reviewer" in found.reasons:
        yield f"no odds reviewer by reviewer: {found.reasons['by_reviewer']}."
    if found.pairs is not None and found.pairs.n:
        alone = f"{found.pairs.only_shown:,} agree with it only where it was in view, {found.pairs.only_blind:,} only where it was not"
        yield f"of {found.pairs.n:,} items labelled in both ways {alone} (exact p = {found.pairs.test.p_exact:.3g}, McNemar)."
    else:
        yield f"no pairs: {found.reasons['pairs']}."
    for effect, which, what in ((found.wrong, "wrong", "over-reliance, where it is wrong"), (found.right, "right", "where it is right")):
        if effect.difference is None:
            yield f"{what}: not known, {found.reasons[f'following_{which}']}."
        else:
            shares = f"{effect.shown.yes:,} of {effect.shown.n:,} follow it in view, {effect.blind.yes:,} of {effect.blind.n:,} agree blind"
            yield f"{what} by a known answer: {shares}, {_points(effect)}."
    if every.per_arm is not None and min(every.shown.n, every.blind.n) < every.per_arm:
        yield f"about {every.per_arm:,} labels of each arm would tell shares like these apart in four of five trials."
    if found.unseen:
        yield (
            f"{found.unseen:,} labels are left out that chance gave its suggestion to and that were given without: it had said nothing"
            " then, or the item waited for a blind label elsewhere."
        )
    if found.led:
        yield f"{found.led:,} labels are left out that chance kept blind and whose author looked."


def _points(effect: "Effect") -> str:
    difference = effect.difference
    assert difference is not None
    return f"{difference.value * 100:+.1f} points ({difference.low * 100:+.1f} to {difference.high * 100:+.1f}, Newcombe 95 %)"


def _replacement(found: "Replaced") -> list[str]:
    lines = [
        "",
        f"{one_line(found.newer, 40)} in place of {one_line(found.older, 40)}: of {found.both:,} items that both judged, {found.changed:,}"
        " got another verdict.",
        f"Of {found.n:,} with an answer, {found.only_newer_right:,} are right now alone and {found.only_older_right:,} were right before"
        f" alone (p = {found.errors.p_exact:.3g}).",
    ]
    if found.to_score:
        named = ", ".join(item[:12] for item in found.to_score[:_LISTED])
        more = f" and {len(found.to_score) - _LISTED:,} more: see --json" if len(found.to_score) > _LISTED else ""
        lines.append(f"It has still to judge {len(found.to_score):,} items of the control set: {named}{more}")
    return lines


def _figure(one: "Measured", which: str) -> str:
    share = None if one.accuracy is None else getattr(one.accuracy, which)
    if share is None or share.value is None:
        return "-"
    return f"{share.value:.1%} ({share.low:.1%} to {share.high:.1%})"


def _alpha(one: "Measured") -> str:
    return "-" if one.chance_corrected.value is None else f"{one.chance_corrected.value:.2f}"


COMMANDS = {"suggestions check": Command(_options, _check, "reviewer suggestions check refunds --judge upstream")}
