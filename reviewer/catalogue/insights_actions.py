"""The actions of the Insights page."""

from reviewer.catalogue.action import Action, Where

_CARD = "go to a card"


def _action(name: str, title: str, text: str, key: str, footer: str = "") -> Action:
    return Action(f"insights.{name}", title, text, (key,), "Insights", Where.INSIGHTS, footer)


INSIGHTS: tuple[Action, ...] = (
    _action(
        "report", "Oversight report", "Write the campaign's oversight record for an auditor: a PDF or a web page.", "Ctrl+P", "print report"
    ),
    _action("export", "Export the chart", "Write the chart with the keys to a picture or a table.", "Ctrl+E", "export figures"),
    _action("campaign", "Choose a campaign", "See another campaign's figures.", "Q", "campaign"),
    _action("rate", "Violation rate", "Go to the rate of all items.", "V", _CARD),
    _action("sure", "How sure are we", "Go to the limits that hold whenever you stop.", "S", _CARD),
    _action("tolerable", "Tolerable rate", "Name the rate that is tolerable: a line shows it, and words whether you may stop.", "L"),
    _action("time", "Rate over time", "Go to the rate week by week.", "T", _CARD),
    _action("by", "Rate by a field", "Go to the rates by model, agent, clause or another field.", "M", _CARD),
    _action("queue", "Queue", "Go to how far the campaign is.", "U", _CARD),
    _action("agreement", "Agreement", "Go to the figures of the whole campaign.", "A", _CARD),
    _action("clauses", "Clauses", "Go to the clauses, the one cited most first.", "C", _CARD),
    _action("pairs", "Pairs", "Go to how each two reviewers agree.", "P", _CARD),
    _action("reviewers", "Reviewers", "Go to how each reviewer does.", "R", _CARD),
    _action("judge", "Judge", "Go to how far a judge can be believed; once more, to the next judge.", "J", _CARD),
    _action("curve", "Judge's scores", "Go to the reliability curve of the judge's scores.", "K", _CARD),
    _action("open", "Labels behind it", "Open the items whose labels make the figure.", "O", "labels"),
    _action("basis", "What it rests on", "Say the basis of the figure of a chart.", "B", "basis"),
    _action("field", "Choose the field", "See the rate by agent, model, clause, kind, or what the metadata hold.", "F", "field"),
    _action("compare", "Difference of two", "Compare two values: press it on the one, then on the other.", "D", "difference"),
    _action("recount", "Count again", "Compute the figures from the labels of now.", "F5"),
)
