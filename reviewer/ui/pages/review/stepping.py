"""From keys to marks on steps: beside a verdict, or as the answer where a campaign asks for steps; there one key marks and goes on."""

from collections.abc import Callable, Iterable
from functools import partial

import msgspec
from PySide6.QtCore import QObject, Signal

from reviewer.domain import step_marks
from reviewer.domain.events import Mark, Verdict
from reviewer.domain.labels import Opinion
from reviewer.domain.step_marks import Marking
from reviewer.ui.pages.queue.evidence import Evidence
from reviewer.ui.pages.queue.fetching import Fetched
from reviewer.ui.pages.review.workbench import Workbench
from reviewer.ui.transcript.blocks import Block, Sort
from reviewer.ui.widgets.times import count

_WORDS: dict[Mark, str] = {"good": "right", "bad": "wrong", "neutral": "neutral"}
AGENT = frozenset({Sort.ASSISTANT, Sort.CALL})
FOOTER = {
    "review.compliant": "", "review.non_compliant": "", "review.unsure": "", "review.minor": "", "review.major": "", "review.critical": "",
    "review.mark_bad": "wrong", "review.mark_good": "right", "review.mark_neutral": "neutral", "review.first_wrong": "first wrong",
    "review.rest_right": "the rest is right", "review.highlight": "", "review.omission": "", "review.rewrite": "rewrite",
    **{f"review.cite_{n}": "" for n in range(1, 10)},
}  # fmt: skip
"""What the footer says where a campaign asks for steps."""
FOOTER_FIRST = {**FOOTER, "review.mark_bad": "first wrong", "review.mark_neutral": "", "review.first_wrong": ""}
"""The same, where it asks for the first wrong one."""


class Stepping(QObject):
    """Marks of the item on screen. `asked`: the campaign asks for them, and its rule is `marking`."""

    told = Signal(str)
    """A short remark: what was marked, or why nothing was."""
    counted = Signal(str)
    """“7 of 12 steps marked”; empty where no marks are asked for."""

    def __init__(self, parent: QObject, bench: Workbench, evidence: Evidence) -> None:
        super().__init__(parent)
        self._bench, self._evidence = bench, evidence
        self.asked = False
        self.marking: Marking = "each"
        self._steps: tuple[str, ...] = ()
        self._open = False
        evidence.changed.connect(self._show)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions do, by id."""
        view = self._bench.pane.view
        return {
            "review.next_step": partial(self._go, 1),
            "review.previous_step": partial(self._go, -1),
            "review.next_any": view.steps.next,
            "review.previous_any": view.steps.previous,
            "review.mark_bad": partial(self._press, "bad"),
            "review.mark_good": partial(self._press, "good"),
            "review.mark_neutral": partial(self._press, "neutral"),
            "review.mark_clear": self._clear,
            "review.first_wrong": self._first_wrong,
            "review.rest_right": self._rest_right,
        }

    # -- the item on screen ------------------------------------------------------------------------------------------------------

    def ask(self, fetched: Fetched) -> None:
        """An item comes up: what its campaign asks, and which steps it has."""
        showing = fetched.showing
        self.asked, self.marking = showing.question == "steps", showing.marks
        self._steps = step_marks.agent_steps(showing.item) if self.asked else ()

    def put(self) -> None:
        """The marks that were made so far are known now."""
        self._open = True
        self._show()

    def rest(self) -> None:
        """Nothing is up, or an answer is only looked back at."""
        self._open = False
        self.counted.emit("")

    def begun(self, opinion: Opinion) -> Opinion:
        """What was begun, without a verdict that its marks give by themselves: it shall follow them."""
        if not self.asked or opinion.verdict is None or opinion.severity is not None:
            return opinion
        follows = opinion.verdict == step_marks.verdict_of(self._steps, opinion.steps)
        return msgspec.structs.replace(opinion, verdict=None) if follows else opinion

    def check(self, opinion: Opinion) -> None:
        """Raise Refused where the marks are not what is asked for."""
        if self.asked:
            step_marks.check(self.marking, self._steps, opinion.steps, opinion.verdict)

    @property
    def follows(self) -> Verdict | None:
        """The verdict that follows from the marks so far."""
        return step_marks.verdict_of(self._steps, self._evidence.marks) if self.asked else None

    @property
    def counts(self) -> str:
        """How many steps are marked, in words."""
        if not self.asked:
            return ""
        marked = sum(step in self._evidence.marks for step in self._steps)
        return f"{marked:,} of {count(len(self._steps), 'step')} marked" if self._steps else "no steps to mark"

    def _show(self) -> None:
        if self._open:
            self.counted.emit(self.counts)
            self._bench.form.say_follows(self.asked, self.follows)

    # -- marking -----------------------------------------------------------------------------------------------------------------

    def _go(self, way: int) -> None:
        """The next step: where marks are asked for, the agent's next one."""
        self._bench.pane.view.steps.go_on(way, AGENT if self.asked else None)

    def _press(self, mark: Mark) -> None:
        """Mark the current step. Beside a verdict the same mark again takes it off; where marks are the answer, the next step comes."""
        step = self._step()
        if not step:
            return
        if not self.asked:
            self._evidence.mark(step, mark)
        elif self.marking == "first_wrong":
            self._press_first_wrong(step, mark)
        else:
            self._evidence.put_marks({**self._evidence.marks, step: mark})
            self._next(f"Step {step} {_WORDS[mark]}")

    def _press_first_wrong(self, step: str, mark: Mark) -> None:
        """One key says all: what is wrong here is the first wrong step, and what is right here is so up to here."""
        marks = self._evidence.marks
        if mark == "neutral":
            self.told.emit("This campaign asks for the first wrong step: none is neutral.")
        elif mark == "bad":
            found = step_marks.up_to_first_wrong(self._steps, step)
            self._evidence.put_marks(found)
            self.told.emit(f"First wrong step: {step}; {count(len(found) - 1, 'step')} before it right. Ctrl ↵ records.")
        else:
            wrong = next((one for one, said in marks.items() if said == "bad"), None)
            if wrong is not None and step_marks.place(step) > step_marks.place(wrong):
                self.told.emit(f"Step {wrong} is the first wrong one: what comes after it stays unmarked.")
                return
            found = dict(step_marks.up_to_first_wrong(self._steps, step))
            kept = {} if wrong in (None, step) else {wrong: "bad"}
            between = {one: said for one, said in marks.items() if kept and step_marks.place(one) > step_marks.place(step)}
            self._evidence.put_marks({**found, step: "good", **between})
            self._next(f"Right up to step {step}")

    def _next(self, said: str) -> None:
        """Go on, and say what was marked: the eye follows the marks, an ear hears only of the step that comes."""
        self._bench.pane.view.steps.go_on(1, AGENT)
        marks = self._evidence.marks
        whole = all(step in marks for step in self._steps)
        self.told.emit(f"All {count(len(self._steps), 'step')} marked. Ctrl ↵ records." if whole else said)

    def _clear(self) -> None:
        """Take the mark off; of the first wrong step also what it says of those after it, since all before it must be right."""
        step = self._step()
        if step and self.asked and self.marking == "first_wrong":
            kept = {one: said for one, said in self._evidence.marks.items() if step_marks.place(one) < step_marks.place(step)}
            self._evidence.put_marks(kept)
        elif step:
            self._evidence.mark(step, None)

    def _first_wrong(self) -> None:
        """The current step is the first wrong one."""
        step = self._step()
        if not step:
            return
        if self.asked and self.marking == "first_wrong":
            self._press_first_wrong(step, "bad")
            return
        key = step.rpartition("/")[0]
        alike = [block for block in self._blocks if block.sort is not Sort.CANDIDATE and block.step.rpartition("/")[0] == key]
        at = next(place for place, block in enumerate(alike) if block.step == step)
        before = [block.step for block in alike[:at] if block.sort in AGENT]
        self._evidence.mark_first_wrong(step, before, [block.step for block in alike[at + 1 :]])
        self.told.emit(f"First wrong step: {step}; {count(len(before), 'agent step')} before it")

    def _rest_right(self) -> None:
        """The agent's unmarked steps are right."""
        if not self._open:
            return
        marks = self._evidence.marks
        if self.asked and self.marking == "first_wrong" and "bad" in marks.values():
            self.told.emit("A step is marked as the first wrong one: what comes after it stays unmarked.")
            return
        rest = [block.step for block in self._blocks if block.sort in AGENT and block.step not in marks]
        self._evidence.put_marks({**marks, **dict.fromkeys(rest, "good")})
        self.told.emit(f"{count(len(rest), 'step')} marked right" if rest else "Every step is marked already.")

    def _step(self) -> str:
        """The step that a key marks; empty where none can be."""
        view = self._bench.pane.view
        if not self._open or not view.steps.current:
            return ""
        if self.asked and view.scene.blocks[view.steps.index].sort not in AGENT:
            self.told.emit("Only what the agent did is judged here: J goes to its next step.")
            return ""
        return view.steps.current

    @property
    def _blocks(self) -> Iterable[Block]:
        return self._bench.pane.view.scene.blocks
