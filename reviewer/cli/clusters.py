"""`reviewer clusters`: groups of items, which of them stand out, and the second look at those."""

from typing import TYPE_CHECKING, Any

from reviewer.cli import cluster_runs
from reviewer.cli.call import Call, Command
from reviewer.cli.judge_terms import said_of_sending, server_option, terms
from reviewer.cli.options import Misspelt, Options, number, size
from reviewer.cli.output import one_line, plain, table
from reviewer.domain.judges import use_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reviewer.operations.cluster_listing import Shown
    from reviewer.operations.cluster_records import Cluster, Clustering
    from reviewer.operations.confirming import SecondLook
    from reviewer.operations.mistral_vectors import Preview

_LISTED = 20


def _run_options(options: Options) -> None:
    options.add_argument("--query", metavar="Q", default="", help="group what this finds; else the campaign's population, or everything")
    options.add_argument("--campaign", metavar="C", help="look at the answers of this campaign alone; else of all")
    options.add_argument(
        "--embedder", metavar="E", default="local", help="local, or mistral, which sends what items are about to Mistral; local by default"
    )
    options.add_argument("--seed", metavar="S", default="", help="the same seed over the same items gives the same groups")
    options.add_argument("--alpha", metavar="P", type=number, default=0.05, help="the chance of any false alarm; 0.05 by default")
    options.add_argument(
        "--within", metavar="FIELD", help="deal verdicts out within its values, so that it explains nothing: model, tool …"
    )
    options.add_argument(
        "--statistic", metavar="S", default="bernoulli", help="bernoulli, of verdicts, or poisson, of counts, as programs that adjust for"
        " covariates have it: the same where violations are rare; bernoulli by default"
    )  # fmt: skip
    options.add_argument(
        "--dry-run",
        action="store_true",
        help="with --embedder mistral: send nothing; say how much would go and its cost, and show the first",
    )
    server_option(options)


def _run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.dry_run:
        return _preview_run(call)
    how = terms(call) if given.embedder == "mistral" else None
    with call.opened() as workspace:
        found = operations.clustering.run_clusters(
            workspace, call.ticket, query_text=given.query, campaign=given.campaign, embedder=given.embedder, seed=given.seed,
            alpha=given.alpha, within=given.within, statistic=given.statistic, terms=how,
        ).value  # fmt: skip
    call.out.answer(_document(found), _text(found))
    return 0


def _preview_run(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if given.embedder != "mistral":
        raise Misspelt("The local embedder sends nothing, so --dry-run has nothing to show.", "Leave it out, or name --embedder mistral.")
    with call.opened() as workspace:
        found = operations.clustering.preview_vectors(
            workspace, call.ticket, query_text=given.query, campaign=given.campaign, terms=terms(call)
        ).value
    first = (
        None
        if found.first is None
        else {"item": found.first[0], "server": found.terms.server, "model": found.model, "input": found.first[1]}
    )
    document: dict[str, Any] = {
        "run": None, "items": found.items, "clusters": [], "dry_run": True, "on": found.on, "would_send": found.asked,
        "cached": found.cached, "tokens": found.tokens, "cost_estimate": found.cost, "private": found.private, "first_request": first,
    }  # fmt: skip
    call.out.answer(document, _preview_text(found))
    return 0


def _preview_text(found: "Preview") -> str:
    lines = [
        f"Nothing was sent. {found.asked:,} texts would go to {one_line(found.model, 60)} ({one_line(found.terms.server, 80)}), about"
        f" {use_words(found.tokens, found.cost)}; {found.cached:,} are known from before.",
        *said_of_sending(found.private, on=found.on),
    ]
    if found.first is not None:
        item, text = found.first
        lines += ["", f"The first one, {item[:12]}:", plain(text)]
    return "\n".join(lines)


def _list_options(options: Options) -> None:
    options.add_argument("--run", metavar="RUN", help="an earlier run, by its id or its first digits; else the last one")


def _list(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.cluster_listing.list_clusters(workspace, call.ticket).value
        if call.options.run is None:
            run = found.runs[0] if found.runs else None
        else:
            run = operations.cluster_history.show_run(workspace, call.ticket, run=call.options.run).value
    earlier = [cluster_runs.line(one) for one in found.runs if run is not None and one.made_ms < run.made_ms]
    said = [{"cluster": one.cluster, "what": one.what, "name": one.name, "size": one.size, "entry": one.hash} for one in found.findings]
    newest = {"run": None, "items": None, "clusters": []} if run is None else _document(run)
    lines = ["No run is kept here; make one with `reviewer clusters run`."] if run is None else [_text(run)]
    lines += cluster_runs.listed(earlier)
    lines += [f"{len(said):,} findings in the journal, of {len({one.cluster for one in found.findings}):,} clusters."] if said else []
    call.out.answer({**newest, "earlier": earlier, "findings": said}, "\n".join(lines))
    return 0


def _show_options(options: Options) -> None:
    options.add_argument("cluster", metavar="ID", help="a cluster's id, or its first 6 or more digits")


def _show(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        found = operations.cluster_listing.show_cluster(workspace, call.ticket, cluster=call.options.cluster).value
        looked = operations.confirming.second_look(workspace, call.ticket, cluster=found.cluster.id).value
    one = {**_cluster(found.cluster), "items": list(found.items)}
    document = {
        **({"run": None, "items": None} if found.clustering is None else _run_of(found.clustering)),
        "clusters": [one],
        "findings": [{"what": said.what, "name": said.name, "entry": said.hash} for said in found.findings],
        "second_look": None if looked is None else _looked(looked),
    }
    call.out.answer(document, _shown(found, looked))
    return 0


def _queue_options(options: Options) -> None:
    _show_options(options)
    options.add_argument("--size", metavar="N", type=size, default=20, help="how many items are drawn; 20 by default")


def _queue(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.confirming.queue_more(workspace, call.ticket, cluster=call.options.cluster, size=call.options.size).value
    made = done.created
    document = {"cluster": done.cluster, "campaign": made.campaign, "id": made.id, "sampled": made.sampled, "probability": done.probability}
    text = f"{made.campaign}: {made.sampled:,} of {made.population:,} items drawn, each with probability {done.probability:.3g}."
    call.out.answer(document, text)
    return 0


def _name_options(options: Options) -> None:
    _show_options(options)
    options.add_argument("name", nargs="?", metavar="NAME", help="what its items have in common")
    options.add_argument("--mistral", action="store_true", help="or ask Mistral, of texts in the middle of the group; off until turned on")
    options.add_argument("--dry-run", action="store_true", help="send nothing; show what would go")
    options.add_argument("--model", metavar="M", help="another model than the settings name")
    server_option(options)


def _name(call: Call) -> int:
    from reviewer import operations

    given = call.options
    if (given.name is None) != given.mistral or (given.dry_run and not given.mistral):
        raise Misspelt("Either a name or --mistral is needed; --dry-run goes with --mistral.", "See `reviewer clusters name --help`.")
    if given.mistral:
        return _preview_name(call) if given.dry_run else _ask_name(call)
    with call.opened() as workspace:
        cluster = operations.confirming.name_cluster(workspace, call.ticket, cluster=given.cluster, name=given.name).value
    call.out.answer({"cluster": cluster, "name": given.name}, f"{cluster[:12]} is called {one_line(given.name, 120)}.")
    return 0


def _ask_name(call: Call) -> int:
    from reviewer import operations

    with call.opened() as workspace:
        done = operations.cluster_naming.ask_name(workspace, call.ticket, cluster=call.options.cluster, terms=terms(call)).value
    paid = "known from before" if done.known else use_words(done.tokens, done.cost)
    document = {"cluster": done.cluster, "name": done.name, "model": done.model, "cached": done.known, "tokens": done.tokens}
    text = f"{done.cluster[:12]} is called {one_line(done.name, 120)} ({paid}). Another name takes its place."
    call.out.answer({**document, "cost_estimate": done.cost}, text)
    return 0


def _preview_name(call: Call) -> int:
    from reviewer import operations

    how = terms(call)
    with call.opened() as workspace:
        found = operations.cluster_naming.preview_name(workspace, call.ticket, cluster=call.options.cluster, terms=how).value
    document = {
        "cluster": found.cluster, "dry_run": True, "on": found.on, "cached": found.known, "texts": found.texts, "tokens": found.tokens,
        "cost_estimate": found.cost, "private": found.private,
        "request": {"server": how.server, "model": how.model, "system": found.question.system, "user": found.question.user},
    }  # fmt: skip
    would = "It was asked before: nothing would go." if found.known else (
        f"{found.texts:,} texts would go to {one_line(how.model, 60)} ({one_line(how.server, 80)}), about"
        f" {use_words(found.tokens, found.cost)}."
    )  # fmt: skip
    lines = [
        f"Nothing was sent. {would}",
        *said_of_sending(found.private, on=found.on),
        "",
        plain(found.question.user),
    ]
    call.out.answer(document, "\n".join(lines))
    return 0


def _document(found: "Clustering") -> dict[str, Any]:
    return {**_run_of(found), "clusters": [_cluster(one) for one in found.clusters]}


def _run_of(found: "Clustering") -> dict[str, Any]:
    names = (
        "run", "items", "query", "campaign", "reviewed", "non_compliant", "hidden", "left_out", "embedder", "seed", "alpha", "within",
        "statistic", "replications", "notes",
    )  # fmt: skip
    return {name: getattr(found, name) for name in names}


def _cluster(one: "Cluster") -> dict[str, Any]:
    import msgspec

    return dict(msgspec.to_builtins(one))


def _looked(found: "SecondLook") -> dict[str, Any]:
    return {
        "campaign": found.campaign,
        "wanted": found.wanted,
        "reviewed": found.labelled.n,
        "non_compliant": found.labelled.c,
        "first_reviewed": found.first.n,
        "first_non_compliant": found.first.c,
        "p": None if found.confirmed is None else found.confirmed.p,
        "p_adjusted": None if found.confirmed is None else found.confirmed.adjusted,
        "tested": found.tested,
    }


def _text(found: "Clustering") -> str:
    lines = [
        f"{found.items:,} items in {len(found.clusters):,} groups; {found.reviewed:,} reviewed, {found.non_compliant:,} non-compliant.",
        *_flags(found),
        *found.notes,
        "",
        table(
            [_row(one) for one in found.clusters[:_LISTED]], heads=("", "id", "size", "reviewed", "bad", "expected", "rate", "p", "name")
        ),
    ]
    if len(found.clusters) > _LISTED:
        lines.append(f"and {len(found.clusters) - _LISTED:,} more: see --json")
    return "\n".join(lines)


def _flags(found: "Clustering") -> "Iterator[str]":
    """How many groups are flagged; nothing where nothing could be tested."""
    flagged = sum(one.flagged for one in found.clusters)
    if flagged:
        yield f"{flagged:,} flagged: more violations than chance gives any of the regions looked at (alpha {found.alpha:g})."
    elif 0 < found.non_compliant < found.reviewed:
        yield f"None is flagged: none has more violations than chance gives the worst of the regions looked at (alpha {found.alpha:g})."


def _row(one: "Cluster") -> tuple[str, ...]:
    rate = "-" if one.rate is None or one.low is None or one.high is None else f"{one.rate:.0%} ({one.low:.0%} to {one.high:.0%})"
    p = "-" if one.p_value is None else f"{one.p_value:.3f}"
    mark = "flagged" if one.flagged else "look?" if one.candidate else ""
    counts = (f"{one.size:,}", f"{one.reviewed:,}", f"{one.non_compliant:,}", f"{one.expected:.1f}")
    return mark, one.id[:8], *counts, rate, p, one_line(one.name, 60)


def _shown(found: "Shown", looked: "SecondLook | None") -> str:
    one = found.cluster
    lines = [
        f"{one_line(one.name, 120)} ({one.id[:12]})",
        f"{one.size:,} items, {one.reviewed:,} reviewed: {one.non_compliant:,} non-compliant, {one.expected:.1f} expected{_tested(one)}.",
        f"Search: cluster:{one.id[:12]}",
        f"Typical: {', '.join(item[:12] for item in one.typical) or '-'}",
        f"Borderline: {', '.join(item[:12] for item in one.borderline) or '-'}",
    ]
    lines += [
        f"{said.kind.capitalize()} {one_line(said.value, 60)}: {said.part:,} of {said.whole:,}, {100 * said.difference:+.0f} points"
        f" ({100 * said.low:+.0f} to {100 * said.high:+.0f}) against the rest."
        for said in one.stands_out
    ]
    if looked is not None:
        lines.append(_second(looked))
    return "\n".join(lines)


def _tested(one: "Cluster") -> str:
    return "" if one.p_value is None else f" (p = {one.p_value:.3f}, {'flagged' if one.flagged else 'not flagged'})"


def _second(looked: "SecondLook") -> str:
    fresh, first = looked.labelled, looked.first
    so_far = f"{one_line(looked.campaign, 60)}: {fresh.n:,} of {looked.wanted:,} labelled, {fresh.c:,} non-compliant"
    if looked.confirmed is None:
        return f"{so_far}."
    held = f"p = {looked.confirmed.adjusted:.3g} against {first.c:,} of {first.n:,} (Fisher, Holm over {looked.tested:,})"
    return f"{so_far}; {held}."


COMMANDS = {
    "clusters run": Command(_run_options, _run, "reviewer clusters run --campaign refunds"),
    "clusters list": Command(_list_options, _list, "reviewer clusters list"),
    "clusters compare": Command(cluster_runs.options, cluster_runs.compare, "reviewer clusters compare 3f9a12"),
    "clusters show": Command(_show_options, _show, "reviewer clusters show 3f9a12"),
    "clusters queue": Command(_queue_options, _queue, "reviewer clusters queue 3f9a12 --size 20"),
    "clusters name": Command(_name_options, _name, 'reviewer clusters name 3f9a12 "refunds after the flight"'),
}
