"""The actions of the Clusters page."""

from reviewer.catalogue.action import Action, Where


def _action(name: str, title: str, text: str, *keys: str, footer: str = "", repeats: bool = False) -> Action:
    return Action(f"clusters.{name}", title, text, keys, "Clusters", Where.CLUSTERS, footer, repeats)


CLUSTERS: tuple[Action, ...] = (
    _action(
        "open", "Open the item", "Read the item that the keys stand on, in full width.", "Space", "Return", "Enter", footer="open item"
    ),
    _action("rename", "Rename the cluster", "Give the cluster a name of your own; it is recorded.", "R", footer="rename"),
    _action(
        "ask_name",
        "Ask Mistral for a name",
        "See which texts of the cluster would go to a model that names it, and what that costs; then send them.",
        "Shift+R",
    ),
    _action("colour", "Colour by", "Colour items by verdict, model, time or cluster.", "M", footer="colour by model"),
    _action("next", "Next cluster", "Go to the next cluster of the list.", "J", footer="cluster", repeats=True),
    _action("previous", "Previous cluster", "Go to the cluster before.", "K", footer="cluster", repeats=True),
    _action(
        "queue",
        "Queue more from here",
        "Ask for fresh labels of items that chance draws from the cluster: they decide.",
        "Q",
        footer="queue",
    ),
    _action("incident", "Open incident", "Open a case over the cluster, or the items that are chosen.", "I", footer="incident"),
    _action("items", "Its items", "List the items of the cluster, or those that are chosen, in Explore.", "O", footer="items"),
    _action("campaign", "To a campaign", "Make a campaign of the cluster, or of the items that are chosen.", "A"),
    _action("mark", "Choose the item", "Choose the item that the keys stand on, or take it back.", "X", footer="choose, or drag"),
    _action("map", "Go to the map", "Put the keys on the map.", "G"),
    _action("zoom_in", "Closer", "See less of the map, larger.", "+", "=", repeats=True),
    _action("zoom_out", "Farther", "See more of the map.", "-", repeats=True),
    _action("whole", "Whole map", "See all items.", "0"),
    _action("drift", "Map or drift", "Go between the map and what changed over time and from model to model.", "D", footer="drift"),
    _action("by", "Drift by", "See the rate by week, month or model.", "B", footer="week, month, model"),
    _action("of", "Drift of a campaign", "Look at another campaign.", "C", footer="campaign"),
    _action("runs", "Earlier runs", "Show another run that is kept, and see what came and went between two.", "E"),
    _action("run", "Run clusters", "Group items by what they are about, and flag what stands out.", "N", footer="run clusters"),
)
