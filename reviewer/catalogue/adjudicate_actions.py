"""The actions of the Disagreements page."""

from reviewer.catalogue.action import Action, Where

ADJUDICATE: tuple[Action, ...] = (
    Action(
        "adjudicate.compliant", "Compliant", "Resolve it as keeping to the policy.", ("C",), "Disagreements", Where.ADJUDICATE, "resolve"
    ),
    Action(
        "adjudicate.non_compliant",
        "Non-compliant",
        "Resolve it as breaking the policy.",
        ("N",),
        "Disagreements",
        Where.ADJUDICATE,
        "resolve",
    ),
    Action(
        "adjudicate.at_fault",
        "Policy is at fault",
        "The policy does not say; your reason becomes a note on the clause, and the item has no answer.",
        ("P",),
        "Disagreements",
        Where.ADJUDICATE,
        "resolve",
    ),
    Action(
        "adjudicate.send_back",
        "Send back to all who labelled it",
        "Ask all who labelled it for another look; your reason, if you wrote one, goes with it.",
        ("B",),
        "Disagreements",
        Where.ADJUDICATE,
        "send back to both",
    ),
    *(
        Action(
            f"adjudicate.opinion_{which}",
            f"Evidence of the {which} opinion",
            f"Show the evidence of the {which} opinion alone; once more shows that of all.",
            (str(place),),
            "Disagreements",
            Where.ADJUDICATE,
            "show one opinion’s evidence" if place < 3 else "",
        )
        for place, which in enumerate(("first", "second", "third", "fourth"), 1)
    ),
    Action(
        "adjudicate.search",
        "Find a precedent",
        "Find what was resolved before, by its words.",
        ("/",),
        "Disagreements",
        Where.ADJUDICATE,
        "find a precedent",
    ),
    Action(
        "adjudicate.next_step",
        "Next step",
        "Go to the next step of the transcript.",
        ("J",),
        "Disagreements",
        Where.ADJUDICATE,
        repeats=True,
    ),
    Action("adjudicate.previous_step", "Previous step", "Go to the step before.", ("K",), "Disagreements", Where.ADJUDICATE, repeats=True),
    Action(
        "adjudicate.next_evidence",
        "Next evidence",
        "Go to the next step that an opinion speaks of.",
        ("E",),
        "Disagreements",
        Where.ADJUDICATE,
        repeats=True,
    ),
    Action("adjudicate.clause", "Deciding clause", "Choose the clauses that decide.", ("L",), "Disagreements", Where.ADJUDICATE),
    Action("adjudicate.reason", "Write the reason", "Go to the field where you say why.", ("R",), "Disagreements", Where.ADJUDICATE),
    Action(
        "adjudicate.record",
        "Resolve and go to next",
        "Sign and keep your resolution, then show the next item.",
        ("Ctrl+Return", "Ctrl+Enter"),
        "Disagreements",
        Where.ADJUDICATE,
    ),
    Action(
        "adjudicate.later", "Leave for later", "Go to the next item; what you began is kept.", ("S",), "Disagreements", Where.ADJUDICATE
    ),
    Action(
        "adjudicate.back",
        "Go back",
        "See what you resolved before, and who had said what.",
        ("Alt+Left",),
        "Disagreements",
        Where.ADJUDICATE,
    ),
    Action("adjudicate.forward", "Go forward", "Return towards what waits.", ("Alt+Right",), "Disagreements", Where.ADJUDICATE),
    Action(
        "adjudicate.campaign",
        "Next campaign",
        "Go to the next campaign in which something is in dispute.",
        ("Q",),
        "Disagreements",
        Where.ADJUDICATE,
    ),
)
