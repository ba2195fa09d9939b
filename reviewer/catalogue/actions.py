"""Every action of the window: its words, its keys and where they work.

Handlers live on pages and are matched by id; the window refuses to open a page whose handlers are not exactly the actions declared
for its places. Keys are written as Qt's portable text. A letter key never fires while a text field has the focus.
"""

import enum
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Where(enum.Enum):
    """The place in which an action's keys work. A page names its places; the places of one page share its keys."""

    APP = "everywhere"
    START = "on the start page"
    REVIEW = "while reviewing"
    ITEM = "while an item is up for review"
    TRANSCRIPT = "in a transcript"
    EXPLORE = "while exploring"


class Action(NamedTuple):
    """One thing a person can do.

    title: what the palette and the key sheet call it. text: one sentence, the tooltip. keys: the first is the one that is shown.
    footer: the short word in the footer, empty to leave it out; neighbours with the same word share one entry (C N U verdict).
    repeats: fires again while the key is held down; only for moving about.
    """

    id: str
    title: str
    text: str
    keys: tuple[str, ...] = ()
    menu: str = "Reviewer"
    where: Where = Where.APP
    footer: str = ""
    repeats: bool = False


PLACES: dict[str, tuple[Where, ...]] = {
    "start": (Where.APP, Where.START),
    "review": (Where.APP, Where.REVIEW, Where.ITEM, Where.TRANSCRIPT),
    "explore": (Where.APP, Where.EXPLORE, Where.TRANSCRIPT),
}
"""The places of each page, by the page's name. Two actions of one page never share a key."""

_REVIEW = (
    Action("review.compliant", "Compliant", "Mark the item as keeping to the policy.", ("C",), "Review", Where.ITEM, "verdict"),
    Action(
        "review.non_compliant",
        "Non-compliant",
        "Mark the item as breaking the policy; then say why.",
        ("N",),
        "Review",
        Where.ITEM,
        "verdict",
    ),
    Action("review.unsure", "Unsure", "Say that you cannot tell; somebody else will look.", ("U",), "Review", Where.ITEM, "verdict"),
    Action("review.minor", "Severity: minor", "A slip without harm.", ("Alt+1",), "Review", Where.ITEM, "severity"),
    Action("review.major", "Severity: major", "A breach that somebody pays for.", ("Alt+2",), "Review", Where.ITEM, "severity"),
    Action("review.critical", "Severity: critical", "A breach that must be stopped now.", ("Alt+3",), "Review", Where.ITEM, "severity"),
    Action("review.confidence_low", "Confidence: low", "You would not be surprised to be wrong.", ("Alt+L",), "Review", Where.ITEM),
    Action("review.confidence_medium", "Confidence: medium", "You think so.", ("Alt+M",), "Review", Where.ITEM),
    Action("review.confidence_high", "Confidence: high", "You would defend it.", ("Alt+H",), "Review", Where.ITEM),
    Action(
        "review.next_step",
        "Next step",
        "Go to the next step of the transcript.",
        ("J", "Down"),
        "Review",
        Where.ITEM,
        "step",
        repeats=True,
    ),
    Action(
        "review.previous_step",
        "Previous step",
        "Go to the step before.",
        ("K", "Up"),
        "Review",
        Where.ITEM,
        "step",
        repeats=True,
    ),
    Action("review.mark_bad", "Mark step as wrong", "Mark the current step as wrong.", ("X",), "Review", Where.ITEM, "mark step"),
    Action("review.mark_good", "Mark step as right", "Mark the current step as right.", ("V",), "Review", Where.ITEM, "mark step"),
    Action("review.mark_clear", "Clear step mark", "Take the mark off the current step.", ("D",), "Review", Where.ITEM),
    Action("review.rationale", "Write the rationale", "Go to the field where you say why.", ("R",), "Review", Where.ITEM, "rationale"),
    Action(
        "review.record",
        "Record and go to next",
        "Sign and keep your label, then show the next item.",
        ("Ctrl+Return", "Ctrl+Enter"),
        "Review",
        Where.ITEM,
    ),
    Action("review.skip", "Skip", "Leave the item for later; it comes back at the end.", ("S",), "Review", Where.ITEM, "skip"),
    Action("review.escalate", "Escalate", "Hand the item to the lead, with a note.", ("E",), "Review", Where.ITEM, "escalate"),
    Action("review.undo", "Undo", "Take back your last label; as often as you like.", ("Ctrl+Z",), "Review", Where.REVIEW, "undo"),
    Action("review.back", "Go back", "See the item before and what you said of it.", ("B", "Alt+Left"), "Review", Where.REVIEW, "go back"),
    Action("review.next", "Go forward", "Return towards the item that is up.", ("Alt+Right",), "Review", Where.REVIEW),
    Action("review.campaign", "Choose a campaign", "Work in another campaign's queue.", ("Q",), "Review", Where.REVIEW),
    Action("review.my_work", "My work so far", "See what you have labelled here, newest first.", ("W",), "Review", Where.REVIEW),
    Action("review.guidelines", "Guidelines", "Read what this campaign asks of you.", ("G",), "Review", Where.REVIEW),
    Action("review.policy", "Policy", "Open the policy beside the transcript.", ("P",), "Review", Where.REVIEW),
)

_TRANSCRIPT = (
    Action("transcript.find", "Find in transcript", "Find words in the item on screen.", ("Ctrl+F",), "Transcript", Where.TRANSCRIPT),
    Action(
        "transcript.find_next",
        "Find next",
        "Go to the next place found.",
        ("F3",),
        "Transcript",
        Where.TRANSCRIPT,
        repeats=True,
    ),
    Action(
        "transcript.find_previous",
        "Find previous",
        "Go to the place found before.",
        ("Shift+F3",),
        "Transcript",
        Where.TRANSCRIPT,
        repeats=True,
    ),
    Action("transcript.fold", "Fold or unfold step", "Open or close the current step.", ("F",), "Transcript", Where.TRANSCRIPT),
    Action("transcript.fold_all", "Fold all", "Close all tool calls and results.", ("Shift+F",), "Transcript", Where.TRANSCRIPT),
    Action("transcript.unfold_all", "Unfold all", "Open all tool calls and results.", ("Shift+U",), "Transcript", Where.TRANSCRIPT),
    Action("transcript.raw", "Raw view", "Show the text exactly as it was recorded.", ("Ctrl+U",), "Transcript", Where.TRANSCRIPT),
    Action(
        "transcript.quote",
        "Copy as quote",
        "Copy the selected text with its item and step.",
        ("Ctrl+Shift+C",),
        "Transcript",
        Where.TRANSCRIPT,
    ),
)

_EXPLORE = (
    Action("explore.search", "Search items", "Go to the search field.", ("/",), "Explore", Where.EXPLORE, "search"),
    Action("explore.next", "Next item", "Go to the next row.", ("J",), "Explore", Where.EXPLORE, repeats=True),
    Action("explore.previous", "Previous item", "Go to the row before.", ("K",), "Explore", Where.EXPLORE, repeats=True),
    Action(
        "explore.open", "Open whole", "Open the item in the full width, or close it again.", ("Space",), "Explore", Where.EXPLORE, "open"
    ),
    Action("explore.order", "Change the order", "Sort by time, steps, import, or how well items match.", ("O",), "Explore", Where.EXPLORE),
    Action(
        "explore.add_to_campaign",
        "Add to campaign",
        "Make or grow a campaign from what is listed.",
        ("A",),
        "Explore",
        Where.EXPLORE,
        "add to campaign",
    ),
    Action("explore.export", "Export labels", "Write the labels to a file.", ("Ctrl+E",), "Explore", Where.EXPLORE, "export"),
)

_START = (Action("start.sample", "Try the sample", "Open a workspace with the sample and a campaign.", ("Return",), "Start", Where.START),)

_APP = (
    Action("app.palette", "All actions", "Find an action or an item by typing.", ("Ctrl+K",), footer="all actions"),
    Action("app.keys", "Keys", "List the keys of this page.", ("?",), footer="all keys"),
    Action("app.help", "Help", "How to work with Reviewer.", ("F1",), footer="help"),
    Action("app.import", "Import agent runs", "Read files or a folder; you see what was read.", ("Ctrl+I",), footer="import"),
    Action("app.new_campaign", "New campaign", "Choose which items are reviewed, and by whom.", ("Ctrl+N",)),
    Action("app.open", "Open a workspace", "Open a folder that holds a workspace.", ("Ctrl+O",)),
    Action("app.start", "Start page", "Sample, import, and what you opened before.", ("Ctrl+Shift+O",)),
    Action("app.review", "Go to Review", "Work on your queue.", ("Ctrl+1",)),
    Action("app.explore", "Go to Explore", "Search and read all items.", ("Ctrl+2",)),
    Action("app.theme", "Light or dark", "Change between the light and the dark theme.", ("Ctrl+Shift+L",)),
    Action("app.theme_system", "Theme of the system", "Follow the light or dark theme of the system."),
    Action("app.larger", "Larger text", "Make all text larger.", ("Ctrl++", "Ctrl+="), repeats=True),
    Action("app.smaller", "Smaller text", "Make all text smaller.", ("Ctrl+-",), repeats=True),
    Action("app.usual_size", "Usual text size", "Set all text to its usual size.", ("Ctrl+0",)),
    Action("app.time_zone", "Local time or UTC", "Change how times are shown."),
    Action("app.where", "Where the data lies", "Show the folder of this workspace, and how to remove it."),
    Action("app.quit", "Quit", "Close the window; everything is saved.", ("Ctrl+Q",)),
)

ALL: tuple[Action, ...] = (*_REVIEW, *_TRANSCRIPT, *_EXPLORE, *_START, *_APP)
"""Every action, in the order of the key sheet."""

BY_ID: dict[str, Action] = {action.id: action for action in ALL}


class Clash(NamedTuple):
    """Two actions that want one key on one page."""

    page: str
    key: str
    first: str
    second: str


def on_page(page: str) -> Iterator[Action]:
    """The actions whose keys work on a page, its own before those of the whole program."""
    places = PLACES[page]
    yield from (action for action in ALL if action.where in places and action.where is not Where.APP)
    yield from (action for action in ALL if action.where is Where.APP)


def owed_by(page: str) -> frozenset[str]:
    """The ids that a page must handle: all of its places, but those of the whole program."""
    return frozenset(action.id for action in on_page(page) if action.where is not Where.APP)


def clashes(actions: Iterable[Action] = ALL) -> list[Clash]:
    """Every key that two actions of one page would share; empty is right."""
    declared = tuple(actions)
    found = []
    for page, places in PLACES.items():
        taken: dict[str, str] = {}
        for action in declared:
            if action.where not in places:
                continue
            for key in action.keys:
                if key in taken:
                    found.append(Clash(page, key, taken[key], action.id))
                taken.setdefault(key, action.id)
    return found


_WORDS = {"Return": "Enter", "Ctrl+Return": "Ctrl ↵", "Down": "↓", "Up": "↑", "Left": "←", "Right": "→", "+": "+"}


def key_words(key: str) -> str:
    """A key as it is printed on a cap: `Ctrl+Return` becomes `Ctrl ↵`, `Ctrl++` becomes `Ctrl +`."""
    if key in _WORDS:
        return _WORDS[key]
    modifiers, plus, last = key.rpartition("+")
    if not last:  # the key is "+" itself
        modifiers, last = modifiers.removesuffix("+"), "+"
    parts = [part for part in modifiers.split("+") if part] if plus else []
    return " ".join([*parts, _WORDS.get(last, last)])
