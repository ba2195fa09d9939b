"""The actions of the Policies page."""

from reviewer.catalogue.action import Action, Where

POLICIES: tuple[Action, ...] = (
    Action(
        "policies.new_version",
        "New version",
        "Read a policy from a file; you see which clause is which before anything is written.",
        ("N",),
        "Policies",
        Where.POLICIES,
        "new version",
    ),
    Action(
        "policies.compare",
        "Compare versions",
        "See what changed from one version to another.",
        ("D",),
        "Policies",
        Where.POLICIES,
        "compare versions",
    ),
    Action(
        "policies.requeue",
        "Queue stale labels",
        "Ask again for the items whose labels cite the old words of the clause.",
        ("Q",),
        "Policies",
        Where.POLICIES,
        "queue stale labels",
    ),
    Action(
        "policies.labels",
        "Labels behind a figure",
        "List in Explore every item with a label that cites the clause.",
        ("Return", "Enter"),
        "Policies",
        Where.POLICIES,
        "labels behind a figure",
    ),
    Action("policies.activate", "Put a version in force", "Choose the version that is to hold.", ("A",), "Policies", Where.POLICIES),
    Action("policies.next", "Next clause", "Go to the next clause.", ("J",), "Policies", Where.POLICIES, repeats=True),
    Action("policies.previous", "Previous clause", "Go to the clause before.", ("K",), "Policies", Where.POLICIES, repeats=True),
)
