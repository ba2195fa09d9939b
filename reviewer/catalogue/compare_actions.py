"""The actions of the page on which outputs are compared. Where it does what the Review page does, it does it by the same keys."""

from reviewer.catalogue.action import Action, Where

_MENU = "Review"


_OF_TWO = ("Left one clearly better", "Left one slightly better", "Tie", "Right one slightly better", "Right one clearly better")
_NEXT = "the one at this place from the left comes next, best first."


def _action(name: str, title: str, text: str, *keys: str, footer: str = "", repeats: bool = False) -> Action:
    return Action(f"compare.{name}", title, text, keys, _MENU, Where.COMPARE, footer, repeats)


COMPARE: tuple[Action, ...] = (
    *(
        _action(
            f"choose_{n}", f"{of_two}; of more, output {n}", f"Of two outputs: {of_two.lower()}. Of more: {_NEXT}", str(n), footer="order"
        )
        for n, of_two in enumerate(_OF_TWO, 1)
    ),
    *(_action(f"choose_{n}", f"Output {n}", f"Of so many outputs: {_NEXT}", str(n), footer="order") for n in range(6, 9)),
    _action("both_bad", "Both bad; of more, all bad", "None of the outputs will do.", "0", footer="all bad"),
    _action("tie", "Tie", "No output is better than another one.", "T", footer="tie"),
    _action("equal", "Equally good", "Give the next output that you choose the place of the one before.", "=", footer="equal"),
    _action("strength", "Clearly or slightly", "Change how much better it is.", "C", footer="strength"),
    _action("clear", "Clear the choice", "Take back which output is better.", "Backspace"),
    _action("next_output", "Next output", "Go to the output to the right.", "Right", footer="output", repeats=True),
    _action("previous_output", "Previous output", "Go to the output to the left.", "Left", footer="output", repeats=True),
    _action("next_step", "Next step", "Go to the next step of the output.", "J", "Down", footer="step", repeats=True),
    _action("previous_step", "Previous step", "Go to the step before.", "K", "Up", footer="step", repeats=True),
    _action("mark_bad", "Mark step as wrong", "Mark the current step as wrong.", "X", footer="mark step"),
    _action("mark_good", "Mark step as right", "Mark the current step as right.", "V", footer="mark step"),
    _action("mark_clear", "Clear step mark", "Take the mark off the current step.", "D"),
    _action("edit", "Edit into a better answer", "Write what the current output should have been.", "E", footer="edit"),
    _action("undo", "Undo", "Take back your last label; as often as you like.", "Ctrl+Z", footer="undo"),
    _action("differences", "Show differences", "Let the words stand out that the outputs do not share.", "H", footer="differences"),
    _action("together", "Scroll together", "Scroll all outputs as one, or each by itself.", "L", footer="scroll together"),
    _action("prompt", "Go to the prompt", "Read the prompt; once more goes back to the outputs.", "P", footer="prompt"),
    _action("rationale", "Write the rationale", "Go to the field where you say why.", "R", footer="rationale"),
    _action("confidence_low", "Confidence: low", "You would not be surprised to be wrong.", "Alt+L"),
    _action("confidence_medium", "Confidence: medium", "You think so.", "Alt+M"),
    _action("confidence_high", "Confidence: high", "You would defend it.", "Alt+H"),
    _action("record", "Record and go to next", "Sign and keep your label, then show the next item.", "Ctrl+Return", "Ctrl+Enter"),
    _action("skip", "Skip", "Leave the item for later; it comes back at the end.", "S", footer="skip"),
    _action("escalate", "Escalate", "Hand the item to the lead, with a note.", "Shift+E"),
    _action(
        "unblind", "Show what is hidden", "Show models, source and what others said; your label will not count as blind.", "Ctrl+Shift+U"
    ),
    _action("back", "Go back", "See the item before and what you said of it.", "B", "Alt+Left", footer="go back"),
    _action("next", "Go forward", "Return towards the item that is up.", "Alt+Right"),
    _action("change", "Change my answer", "Take up again the answer that you look back at.", "A"),
    _action("campaign", "Choose a campaign", "Work in another campaign's queue.", "Q"),
    _action("my_work", "My work so far", "See what you have labelled here, newest first.", "W"),
    _action("guidelines", "Guidelines", "Read what this campaign asks of you.", "G"),
)
