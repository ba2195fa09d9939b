"""The actions of the Incidents page."""

from reviewer.catalogue.action import Action, Where

_MENU = "Incidents"
INCIDENTS: tuple[Action, ...] = (
    Action("incidents.note", "Add a note", "Write down what happened; it becomes a signed line.", ("N",), _MENU, Where.INCIDENTS, "note"),
    Action(
        "incidents.fix", "What was done", "Write down the remedy, in place of what stands there.", ("F",), _MENU, Where.INCIDENTS,
        "what was done",
    ),
    Action(
        "incidents.change", "Change", "Change title, severity, owner, deadline, first awareness or the closing sample.", ("E",), _MENU,
        Where.INCIDENTS, "change",
    ),
    Action("incidents.cause", "Root cause", "Go to the root causes; Space chooses one.", ("R",), _MENU, Where.INCIDENTS, "root cause"),
    Action(
        "incidents.status", "Fixed, or open again", "Say that the fix is in and is being checked, or open the incident again.", ("S",),
        _MENU, Where.INCIDENTS,
    ),
    Action(
        "incidents.items", "Items behind it", "List in Explore the items that the incident is about.", ("Return", "Enter"), _MENU,
        Where.INCIDENTS, "items behind it",
    ),
    Action(
        "incidents.export", "Export the record", "Write the record of the incident as a PDF, a page of HTML or JSON.", ("Ctrl+E",),
        _MENU, Where.INCIDENTS, "PDF, HTML or JSON",
    ),
    Action(
        "incidents.close", "Close, with the rate after the fix", "Cite the rate of a campaign drawn since, or say why there is none.",
        ("C",), _MENU, Where.INCIDENTS,
    ),
    Action("incidents.next", "Next incident", "Go to the next incident.", ("J",), _MENU, Where.INCIDENTS, repeats=True),
    Action("incidents.previous", "Previous incident", "Go to the incident before.", ("K",), _MENU, Where.INCIDENTS, repeats=True),
)  # fmt: skip
