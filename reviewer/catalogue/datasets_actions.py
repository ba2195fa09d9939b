"""The actions of the Datasets page."""

from reviewer.catalogue.action import Action, Where


def _action(name: str, title: str, text: str, *keys: str, footer: str = "", repeats: bool = False) -> Action:
    return Action(f"datasets.{name}", title, text, keys, "Datasets", Where.DATASETS, footer, repeats)


DATASETS: tuple[Action, ...] = (
    _action("new", "New release", "Freeze labels as a training data set, in four steps; nothing is written before the last.", "N",
            footer="new release"),
    _action("next_row", "Next row", "Go to the next row of the release.", "J", footer="rows", repeats=True),
    _action("previous_row", "Previous row", "Go to the row before.", "K", footer="rows", repeats=True),
    _action("go_to_row", "Go to a row", "Type the number of a row, or the beginning of an id behind it.", "G", footer="go to a row"),
    _action("item", "Open the item", "Open the item that the row is made of.", "Return", "Enter", footer="open the item"),
    _action("story", "Story of its labels", "Tell everything of the labels behind the row.", "S", footer="its story"),
    _action("check", "Check every row", "Make each row anew from its labels and items, and compare.", "C", footer="check"),
    _action("audit", "Audit", "Say what a model would learn from these labels besides the policy, and what to do about it.", "A",
            footer="audit"),
    _action("compare", "Compare with another", "Say what came, went and flipped since the release before, or another one, and why.", "D",
            footer="compare"),
    _action("locate", "Find its folder", "Say where the release lies on this machine.", "F"),
    _action("next", "Next release", "Go to the next release.", "Alt+Down", repeats=True),
    _action("previous", "Previous release", "Go to the release before.", "Alt+Up", repeats=True),
)  # fmt: skip
