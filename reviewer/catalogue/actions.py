"""Every action of the window: its words, its keys and where they work.

Handlers live on pages and are matched by id; the window refuses to open a page whose handlers are not exactly the actions declared
for its places. Keys are written as Qt's portable text. A letter key never fires while a text field has the focus.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reviewer.catalogue.action import Action as Action
from reviewer.catalogue.action import Where as Where
from reviewer.catalogue.adjudicate_actions import ADJUDICATE
from reviewer.catalogue.clusters_actions import CLUSTERS
from reviewer.catalogue.compare_actions import COMPARE
from reviewer.catalogue.datasets_actions import DATASETS
from reviewer.catalogue.explore_actions import EXPLORE
from reviewer.catalogue.incidents_actions import INCIDENTS
from reviewer.catalogue.insights_actions import INSIGHTS
from reviewer.catalogue.policies_actions import POLICIES

PLACES: dict[str, tuple[Where, ...]] = {
    "start": (Where.APP, Where.START),
    "review": (Where.APP, Where.REVIEW, Where.ITEM, Where.TRANSCRIPT),
    "compare": (Where.APP, Where.COMPARE, Where.TRANSCRIPT),
    "adjudicate": (Where.APP, Where.ADJUDICATE, Where.TRANSCRIPT),
    "explore": (Where.APP, Where.EXPLORE, Where.TRANSCRIPT),
    "clusters": (Where.APP, Where.CLUSTERS),
    "insights": (Where.APP, Where.INSIGHTS),
    "policies": (Where.APP, Where.POLICIES),
    "datasets": (Where.APP, Where.DATASETS),
    "incidents": (Where.APP, Where.INCIDENTS),
    "sync": (Where.APP, Where.SYNC),
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
    Action(
        "review.next_any",
        "Next card",
        "Go to the next card of the transcript, whoever speaks there; J stays with the agent where its steps are judged.",
        ("Shift+J",),
        "Review",
        Where.ITEM,
        repeats=True,
    ),
    Action("review.previous_any", "Previous card", "Go to the card before.", ("Shift+K",), "Review", Where.ITEM, repeats=True),
    Action(
        "review.mark_bad",
        "Mark step as wrong",
        "Mark the current step as wrong; where steps are asked for, go on to the next.",
        ("X",),
        "Review",
        Where.ITEM,
        "mark step",
    ),
    Action(
        "review.mark_good",
        "Mark step as right",
        "Mark the current step as right; where steps are asked for, go on to the next.",
        ("V",),
        "Review",
        Where.ITEM,
        "mark step",
    ),
    Action(
        "review.mark_neutral",
        "Mark step as neutral",
        "Mark the current step as neither right nor wrong; where steps are asked for, go on to the next.",
        ("Z",),
        "Review",
        Where.ITEM,
    ),
    Action("review.mark_clear", "Clear step mark", "Take the mark off the current step.", ("D",), "Review", Where.ITEM),
    Action(
        "review.rest_right",
        "The rest is right",
        "Mark every step of the agent that bears no mark as right.",
        ("Shift+V",),
        "Review",
        Where.ITEM,
    ),
    Action(
        "review.first_wrong",
        "First wrong step",
        "Mark the step as the first wrong one: this one wrong, the agent's unmarked steps before it right, all after it unmarked.",
        ("Shift+X",),
        "Review",
        Where.ITEM,
    ),
    *(
        Action(
            f"review.cite_{n}",
            f"Cite clause {n}",
            f"Cite the clause on card {n}, or no longer; while words are marked, keep them under it.",
            (str(n),),
            "Review",
            Where.ITEM,
            "cite clause",
        )
        for n in range(1, 10)
    ),
    Action("review.find_clause", "Find a clause", "Find any clause by number, title or words, and cite it.", ("/",), "Review", Where.ITEM),
    Action(
        "review.highlight",
        "Highlight evidence",
        "Keep the selected words as evidence; without any, mark words of the current step by keys.",
        ("H",),
        "Review",
        Where.ITEM,
        "highlight evidence",
    ),
    Action(
        "review.omission",
        "What is missing",
        "Say what should have happened and did not, at which step, and by which clause.",
        ("O",),
        "Review",
        Where.ITEM,
        "what is missing",
    ),
    Action(
        "review.rewrite",
        "Rewrite step",
        "Write what the agent should have said or called at the current step; kept with your label.",
        ("I",),
        "Review",
        Where.ITEM,
    ),
    Action(
        "review.evidence", "Go to the evidence", "Walk what is marked; Enter shows it, Delete takes it away.", ("A",), "Review", Where.ITEM
    ),
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
    Action(
        "review.unblind",
        "Show what is hidden",
        "Show model, source, suggestions and what others said of this item; your label will not count as blind.",
        ("Ctrl+Shift+U",),
        "Review",
        Where.ITEM,
    ),
    Action("review.undo", "Undo", "Take back your last label; as often as you like.", ("Ctrl+Z",), "Review", Where.REVIEW, "undo"),
    Action("review.back", "Go back", "See the item before and what you said of it.", ("B", "Alt+Left"), "Review", Where.REVIEW, "go back"),
    Action("review.next", "Go forward", "Return towards the item that is up.", ("Alt+Right",), "Review", Where.REVIEW),
    Action("review.campaign", "Choose a campaign", "Work in another campaign's queue.", ("Q",), "Review", Where.REVIEW),
    Action("review.my_work", "My work so far", "See what you have labelled here, newest first.", ("W",), "Review", Where.REVIEW),
    Action(
        "review.story",
        "Story of this answer",
        "What is on record of the answer you look back at, and who knows of it.",
        ("Shift+H",),
        "Review",
        Where.REVIEW,
    ),
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

_START = (Action("start.sample", "Try the sample", "Open a workspace with the sample and a campaign.", ("Return",), "Start", Where.START),)

_SYNC = (
    Action(
        "sync.now",
        "Sync",
        "Take in what is new at the place used last, and leave there what others lack.",
        ("S",),
        "Sync",
        Where.SYNC,
        "sync",
    ),
    Action("sync.place", "Sync with …", "Choose the folder, file or address to sync with.", ("T",), "Sync", Where.SYNC),
    Action(
        "sync.bundle", "Make a bundle", "Write what others lack to one file that only they can open.", ("B",), "Sync", Where.SYNC, "bundle"
    ),
    Action("sync.settle", "Settle conflicts", "Go to what a person must settle.", ("C",), "Sync", Where.SYNC, "settle"),
    Action(
        "sync.story",
        "Story of a label",
        "What is on record of the labels of the conflict, and who knows of them.",
        ("H", "Shift+H"),
        "Sync",
        Where.SYNC,
    ),
    Action(
        "sync.verify", "Verify all", "Check every hash, signature and link; nothing is changed.", ("V",), "Sync", Where.SYNC, "verify all"
    ),
    Action(
        "sync.backup",
        "Back up now",
        "Copy the workspace to its backups folder, and read the copy back in full.",
        ("K",),
        "Sync",
        Where.SYNC,
    ),
    Action("sync.keep", "Keep in sync", "Sync by itself while the window is open, or stop that.", ("A",), "Sync", Where.SYNC),
    Action(
        "sync.request", "Read a request", "Read the file of somebody who asks to join; its six words are shown.", ("R",), "Sync", Where.SYNC
    ),
    Action("sync.admit", "Words match: admit", "Admit the device whose six words you have compared.", (), "Sync", Where.SYNC),
    Action("sync.refuse", "Refuse", "Do not admit the device; nothing is written.", (), "Sync", Where.SYNC),
    Action(
        "sync.write_request",
        "Write the request",
        "Write your request to join once more, with words of its own.",
        ("W",),
        "Sync",
        Where.SYNC,
    ),
)

_APP = (
    Action("app.palette", "All actions", "Find an action or an item by typing.", ("Ctrl+K",), footer="all actions"),
    Action("app.keys", "Keys", "List the keys of this page.", ("?",), footer="all keys"),
    Action("app.help", "Help", "How to work with Reviewer.", ("F1",), footer="help"),
    Action("app.import", "Import agent runs", "Read files or a folder; you see what was read.", ("Ctrl+I",), footer="import"),
    Action("app.new_campaign", "New campaign", "Choose which items are reviewed, and by whom.", ("Ctrl+N",)),
    Action("app.draw_more", "Draw more", "Let a campaign's sample grow; nothing drawn is dropped.", ("Ctrl+Shift+N",)),
    Action("app.plan", "Plan a sample", "How many to review before a limit holds, and what slipped through.", ("Ctrl+Shift+P",)),
    Action("app.open", "Open a workspace", "Open a folder that holds a workspace.", ("Ctrl+O",)),
    Action("app.start", "Start page", "Sample, import, and what you opened before.", ("Ctrl+Shift+O",)),
    Action("app.review", "Go to Review", "Work on your queue.", ("Ctrl+1",)),
    Action("app.adjudicate", "Disagreements", "Resolve the items on which reviewers differ.", ("Shift+D",)),
    Action("app.explore", "Go to Explore", "Search and read all items.", ("Ctrl+2",)),
    Action("app.clusters", "Go to Clusters", "Which kinds of items go wrong more often than chance allows.", ("Ctrl+3",)),
    Action("app.insights", "Go to Insights", "Whether reviewers agree, and where policy may be at fault.", ("Ctrl+4",)),
    Action("app.policies", "Go to Policies", "Versions, clauses, and what rests on them.", ("Ctrl+5",)),
    Action("app.datasets", "Go to Datasets", "Releases, their rows, and what a model would learn from them.", ("Ctrl+6",)),
    Action("app.incidents", "Go to Incidents", "Cases: what went wrong, by when it is due, and the rate after the fix.", ("Ctrl+7",)),
    Action("app.sync", "Go to Sync", "What waits here, what came in, and who takes part.", ("Ctrl+8",)),
    Action("app.bundle", "Apply a bundle", "See what is in a bundle that somebody gave you, then take it in.", ("Ctrl+B",)),
    Action("app.join", "Join a project", "Make a workspace and a request that a lead admits.", ("Ctrl+J",)),
    Action("app.theme", "Light or dark", "Change between the light and the dark theme.", ("Ctrl+Shift+L",)),
    Action("app.theme_system", "Theme of the system", "Follow the light or dark theme of the system."),
    Action("app.larger", "Larger text", "Make all text larger.", ("Ctrl++", "Ctrl+="), repeats=True),
    Action("app.smaller", "Smaller text", "Make all text smaller.", ("Ctrl+-",), repeats=True),
    Action("app.usual_size", "Usual text size", "Set all text to its usual size.", ("Ctrl+0",)),
    Action("app.time_zone", "Local time or UTC", "Change how times are shown."),
    Action("app.settings", "Settings", "Theme, text, times, locking, backups, and how a judge is asked.", ("Ctrl+,",)),
    Action("app.where", "Where the data lies", "Show the folder of this workspace, and how to remove it."),
    Action("app.lock", "Lock now", "Close an encrypted workspace until its passphrase is given; drafts are kept.", ("Ctrl+L",)),
    Action("app.encrypt", "Encrypt this workspace", "Seal all that lies here under a passphrase, so that a thief reads nothing."),
    Action("app.passphrase", "Change the passphrase", "Set another passphrase for an encrypted workspace."),
    Action("app.quit", "Quit", "Close the window; everything is saved.", ("Ctrl+Q",)),
)

ALL: tuple[Action, ...] = (
    *_REVIEW,
    *COMPARE,
    *ADJUDICATE,
    *_TRANSCRIPT,
    *EXPLORE,
    *CLUSTERS,
    *INSIGHTS,
    *POLICIES,
    *DATASETS,
    *INCIDENTS,
    *_SYNC,
    *_START,
    *_APP,
)
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
