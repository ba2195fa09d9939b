"""The actions of the Explore page."""

from reviewer.catalogue.action import Action, Where


def _action(name: str, title: str, text: str, *keys: str, footer: str = "", repeats: bool = False) -> Action:
    return Action(f"explore.{name}", title, text, keys, "Explore", Where.EXPLORE, footer, repeats)


EXPLORE: tuple[Action, ...] = (
    _action("search", "Search items", "Go to the search field.", "/", footer="search"),
    _action("next", "Next item", "Go to the next row.", "J", repeats=True),
    _action("previous", "Previous item", "Go to the row before.", "K", repeats=True),
    _action("open", "Open whole", "Open the item in the full width, or close it again.", "Space", footer="open"),
    _action("order", "Change the order", "Sort by time, steps, import, or how well items match.", "O"),
    _action("add_to_campaign", "Add to campaign", "Make a campaign from what is listed.", "A", footer="add to campaign"),
    _action("ask_again", "Ask again", "Ask those who labelled what is listed, or the chosen rows, for another look.", "R"),
    _action("incident", "Open an incident", "Open a case over what is listed, or the chosen rows.", "I"),
    _action(
        "story",
        "Story of a label",
        "Who gave it, when, on what screen, by which clauses, what became of it, and who knows of it.",
        "H",
        "Shift+H",
    ),
    _action(
        "ask_judge",
        "Ask the judge",
        "See what would be sent of what is listed, or of the chosen rows, to a model that suggests verdicts; then send it.",
        "Shift+J",
    ),
    _action(
        "pull",
        "Bring in from Mistral Studio",
        "See what Studio would be asked for, a data set or traces; then bring it in as items.",
        "Shift+S",
    ),
    _action(
        "push",
        "Send answers to Mistral Studio",
        "See which answers would go back to the records that they are of; then send them.",
        "Shift+P",
    ),
    _action("export", "Export labels", "Write the labels to a file.", "Ctrl+E", footer="export"),
)
