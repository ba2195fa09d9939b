"""`reviewer clusters compare`: what came and went between two runs; and earlier runs as `clusters list` tells them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reviewer.cli.call import Call
from reviewer.cli.options import Options
from reviewer.cli.output import one_line, table
from reviewer.domain.times import utc_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.operations.cluster_history import Compared, Match
    from reviewer.operations.cluster_records import Cluster, Clustering


def line(run: "Clustering") -> dict[str, Any]:
    """A run without its clusters."""
    names = ("run", "query", "campaign", "items", "reviewed", "non_compliant", "embedder", "seed", "alpha", "within", "statistic")
    return {
        **{name: getattr(run, name) for name in names},
        "made": utc_text(run.made_ms),
        "clusters": len(run.clusters),
        "flagged": sum(one.flagged for one in run.clusters),
    }


def listed(lines: Sequence[dict[str, Any]]) -> "Iterator[str]":
    """Earlier runs as a table; nothing where there is none."""
    if lines:
        rows = [
            (one["run"], one["made"][:16], f"{one['items']:,}", f"{one['flagged']:,} of {one['clusters']:,}", _of(one)) for one in lines
        ]
        yield f"\nEarlier runs: `clusters list --run ID` shows one, `clusters compare ID` what came and went since.\n{_table(rows)}"


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    return table(rows, heads=("run", "made", "items", "flagged", "of"))


def _of(one: dict[str, Any]) -> str:
    """What a run looked at, and how, in a few words."""
    of = one_line(one["campaign"] or "all campaigns", 40)
    said = [f"{of}: {one_line(one['query'], 40)}" if one["query"] else of, f"alpha {one['alpha']:g}", f"seed {one_line(one['seed'], 20)}"]
    said += [f"within {one_line(one['within'], 30)}"] if one["within"] else []
    return ", ".join([*said, *(["poisson"] if one["statistic"] == "poisson" else []), one_line(one["embedder"], 40)])


def options(options: Options) -> None:
    """Two runs."""
    options.add_argument("run", metavar="RUN", help="a run, by its id or its first digits: see `reviewer clusters list`")
    options.add_argument("other", nargs="?", metavar="OTHER", help="another run; else the last one")


def compare(call: Call) -> int:
    """What came and went."""
    from reviewer import operations

    given = call.options
    with call.opened() as workspace:
        found = operations.cluster_history.compare_runs(workspace, call.ticket, run=given.run, other=given.other).value
    document = {
        "old": line(found.old),
        "new": line(found.new),
        "items": {"came": found.came, "went": found.went, "both": found.both},
        **{name: [_match(one) for one in some] for name, some in _groups(found)},
    }
    call.out.answer(document, _text(found))
    return 0


def _groups(found: "Compared") -> "tuple[tuple[str, tuple[Match, ...]], ...]":
    return ("stayed", found.stayed), ("newly", found.newly), ("no_more", found.no_more)


def _match(one: "Match") -> dict[str, Any]:
    return {"cluster": _figures(one.cluster), "other": None if one.other is None else _figures(one.other), "share": one.share}


def _figures(one: "Cluster") -> dict[str, Any]:
    names = ("id", "name", "size", "reviewed", "non_compliant", "expected", "rate", "low", "high", "p_value", "flagged")
    return {name: getattr(one, name) for name in names}


def _text(found: "Compared") -> str:
    lines = [
        f"{found.old.run} of {utc_text(found.old.made_ms)[:16]}: {_run(found.old)}.",
        f"{found.new.run} of {utc_text(found.new.made_ms)[:16]}: {_run(found.new)}.",
        f"Items: {found.came:,} came, {found.went:,} went, {found.both:,} are in both.",
    ]
    words = {"stayed": "Flagged in both", "newly": "Newly flagged", "no_more": "No longer flagged"}
    for name, some in _groups(found):
        lines.append(f"{words[name]}: {'' if some else 'none.'}".rstrip())
        lines += [f"  {_told(one, 'before' if name != 'no_more' else 'now')}" for one in some]
    return "\n".join(lines)


def _run(run: "Clustering") -> str:
    flagged = sum(one.flagged for one in run.clusters)
    return f"{run.items:,} items, {len(run.clusters):,} groups, {flagged:,} flagged ({_of(line(run))})"


def _told(match: "Match", when: str) -> str:
    one = match.cluster
    said = f"{one.id[:8]} {one_line(one.name, 60)}, {_counts(one)}"
    if match.other is None:
        return f"{said}; none of its items {'were' if when == 'before' else 'are'} there {when}"
    return f"{said}; {when} {match.other.id[:8]} {one_line(match.other.name, 60)}, {_counts(match.other)}, {match.share:.0%} the same items"


def _counts(one: "Cluster") -> str:
    p = "" if one.p_value is None else f", p = {one.p_value:.3f}"
    return f"{one.size:,} items, {one.non_compliant:,} of {one.reviewed:,} non-compliant{p}"
