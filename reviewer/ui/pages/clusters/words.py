"""How what was found is said on the Clusters page."""

from typing import TYPE_CHECKING

from reviewer.domain.errors import shown
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.operations.cluster_overview import Overview, Standing
    from reviewer.operations.cluster_records import Cluster, Clustering, StandOut
    from reviewer.operations.confirming import Queued, SecondLook

_NAME = 80  # characters of a name, a model or a campaign
WHAT = (
    "Items are grouped by what they are about; groups that break the policy more often than chance allows are flagged. It happens on this "
    "machine: nothing is sent, unless you have Mistral read them."
)
_NO_LABEL = " No item has a label yet: items would be grouped, and nothing is flagged until some have."
BASIS = (
    "p is of the largest excess among all regions looked at; limits are 95% and not corrected for a cluster's having been picked out. "
    "Fresh labels decide."
)


def nothing(found: "Standing") -> tuple[str, str, str]:
    """Title and sentence of a page without a run, and the id of the action that its button does."""
    if not found.items:
        return "No items yet", f"Clusters are made of items, and there are none here. {WHAT}", "app.import"
    if found.items < found.needed:
        few = f"{count(found.items, 'item is', 'items are')} here, and {found.needed} are needed to tell groups apart."
        return "Too few items", f"{few} {WHAT}", "app.import"
    if found.hidden:
        return "The last run is hidden from you", f"{found.hidden} A run of your own shows what you may know.", "clusters.run"
    elsewhere = (
        f" {count(found.flagged, 'cluster was', 'clusters were')} flagged elsewhere; a run shows where they lie." if found.flagged else ""
    )
    return "No clusters yet", WHAT + elsewhere + ("" if found.labels else _NO_LABEL), "clusters.run"


def notes(standing: "Standing", found: "Overview") -> str:
    """What the run rests on, and what of it the viewer may not know or do."""
    said = [shown(note, 400) for note in found.run.notes]
    if standing.hidden:
        said.append(f"A newer run of somebody else is not shown: {standing.hidden}")
    if not found.may_queue:
        said.append("A lead asks for fresh labels.")
    return " ".join(said)


def title(run: "Clustering") -> str:
    """“4,812 items, 41 clusters”."""
    return f"{count(run.items, 'item')}, {count(len(run.clusters), 'cluster')}"


def flagged(run: "Clustering") -> tuple[str, str]:
    """What stands on the pill beside it, and its kind."""
    number = sum(one.flagged for one in run.clusters)
    if not number:
        return ("none flagged" if run.reviewed else "nothing tested yet"), "plain"
    return f"{number:,} flagged at {100 * run.alpha:g}% false-alarm rate", "bad"


def asked(run: "Clustering") -> str:
    """“of Travel: agent:shop”: which items a run looked at."""
    of = f"of {shown(run.campaign, _NAME)}" if run.campaign else "all campaigns"
    return f"{of}: {shown(run.query, _NAME)}" if run.query else of


def since(found: "Overview", made: str) -> str:
    """Which items a run looked at, when, if it is not the last one, and what came in since. made: when, in words."""
    said = asked(found.run) if found.newest else f"earlier run of {made}, {asked(found.run)}"
    new = found.reviewed - found.run.reviewed
    return f"{said}; {count(new, 'answer')} came in since, N looks again" if new > 0 else said


def method(run: "Clustering") -> str:
    """“scan statistic, 999 permutations”, “Poisson scan statistic, 999 permutations within model”."""
    within = f" within {shown(run.within, 30)}" if run.within else ""
    kind = "Poisson scan" if run.statistic == "poisson" else "scan"
    return f"{kind} statistic, {run.replications:,} permutations{within}"


def counts(one: "Cluster") -> str:
    """“214 items, 37 reviewed: 23 non-compliant where 5.4 were expected. 62% (46 to 76).”"""
    if not one.reviewed:
        return f"{count(one.size, 'item')}, none reviewed."
    seen = f"{one.non_compliant:,} non-compliant where {one.expected:.1f} were expected."
    return f"{count(one.size, 'item')}, {one.reviewed:,} reviewed: {seen} {rate(one)}."


def rate(one: "Cluster") -> str:
    """“62% (46 to 76)”; a dash where nothing is known."""
    if one.rate is None:
        return "–"
    between = "" if one.low is None or one.high is None else f" ({100 * one.low:.0f} to {100 * one.high:.0f})"
    return f"{one.rate:.0%}{between}"


def p_value(one: "Cluster") -> str:
    """“p = 0.001”; empty where nothing was tested."""
    return "" if one.p_value is None else f"p = {one.p_value:.3f}"


def stands_out(said: "StandOut") -> str:
    """“clause 4.2 in 21 of 23”, “gpt-4o-2024-05 8 of 10, +31 points”."""
    if said.kind == "clause":
        return f"clause {shown(said.value, 40)} in {said.part:,} of {said.whole:,}"
    points = f"{100 * said.difference:+.0f} points ({100 * said.low:+.0f} to {100 * said.high:+.0f})".replace("-", "−")
    return f"{shown(said.value, 40)} {said.part:,} of {said.whole:,}, {points}"


def looked(found: "SecondLook | None") -> str:
    """How a second look stands; empty where none was asked for."""
    if found is None:
        return ""
    fresh = found.labelled
    so_far = f"Second look: {fresh.n:,} of {found.wanted:,} labelled, {fresh.c:,} non-compliant"
    if found.confirmed is None:
        return f"{so_far}. “{shown(found.campaign, _NAME)}” asks for them."
    first = f"against {found.first.c:,} of {found.first.n:,} before"
    return f"{so_far}, {first}: p = {found.confirmed.adjusted:.3g} (Fisher, Holm over {found.tested:,})."


def queued(done: "Queued") -> tuple[str, str]:
    """What a banner says of fresh labels that were asked for."""
    what = f"{count(done.created.sampled, 'item')} queued, each drawn with probability {done.probability:.3g}."
    return what, f"“{shown(done.created.campaign, _NAME)}” asks for them; only these labels decide whether the cluster is confirmed."


def ran(run: "Clustering") -> tuple[str, str]:
    """What a banner says of a run."""
    number = sum(one.flagged for one in run.clusters)
    words = f"{count(run.items, 'item')} in {count(len(run.clusters), 'cluster')}: {number:,} flagged."
    if number:
        return words, "The first one is chosen. Fresh labels decide; Q asks for them."
    return words, "Nothing stands out more than chance allows." if run.reviewed else "Nothing was tested: no item has an answer yet."


def search(one: "Cluster") -> str:
    """A search that finds the items of a cluster."""
    return f"cluster:{one.id[:12]}"
