"""From keys to evidence: citing clauses, marking words, saying what is missing, marking steps; and the drawer that holds the policy."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from reviewer.domain.citable import Citable, full_name, in_short
from reviewer.domain.errors import shown
from reviewer.domain.events import Clause as Citation
from reviewer.domain.events import Mark, Span
from reviewer.domain.items import Item
from reviewer.domain.labels import Omitted, Opinion
from reviewer.ui.page import Desk
from reviewer.ui.pages.queue.evidence import Evidence, highlights, omission_words, rewrite_words, short, span_words
from reviewer.ui.pages.queue.fetching import Fetched
from reviewer.ui.pages.review.clause_drawer import FIND, POLICY, ClauseDrawer
from reviewer.ui.pages.review.clause_panel import KEYED, offered
from reviewer.ui.pages.review.highlighting import Highlighting
from reviewer.ui.pages.review.shelves import Shelves
from reviewer.ui.pages.review.stepping import Stepping
from reviewer.ui.pages.review.workbench import Workbench
from reviewer.ui.transcript.blocks import Block
from reviewer.ui.widgets.announcing import announce
from reviewer.ui.widgets.times import count

if TYPE_CHECKING:
    from reviewer.domain.shelf import Shelf
    from reviewer.ui.pages.review.rewriting import Rewriting

_ROWS_LOOKED_AT = 60


class Judging(QObject):
    """Binds the evidence of the item on screen to the form, the transcript and the drawer."""

    told = Signal(str)
    """A short remark: what was marked, or why nothing was."""

    def __init__(self, desk: Desk, page: QWidget, bench: Workbench, *, opened: Callable[[], None]) -> None:
        """opened: called once the drawer shows something."""
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._bench = bench
        self.evidence = Evidence(self)
        self.stepping = Stepping(self, bench, self.evidence)
        self.stepping.told.connect(self._tell)
        self.drawer = ClauseDrawer(desk.theme, bench, self.evidence, self._both_orders, opened=opened)
        self._fetched: Fetched | None = None
        self._campaign = ""
        self._open = False  # what is on screen can be judged, and is not only looked back at
        self._shelves = Shelves(desk, self)
        self._shelves.arrived.connect(self._take_clauses)
        self.drawer.chosen.connect(self._cite)
        self.drawer.pressed.connect(self._toggle)
        self.evidence.changed.connect(self._show)
        form, view = bench.form, bench.pane.view
        form.clauses.pressed.connect(self._toggle)
        form.clauses.more.connect(partial(self.drawer.toggle, FIND))
        form.chips.opened.connect(self._open_chip)
        form.chips.removed.connect(self._remove_chip)
        form.chips.left.connect(self._to_transcript)
        self._highlighting = Highlighting(view, bench.marking, self.evidence, self._item)
        self._highlighting.kept.connect(self._say_kept)
        self._highlighting.told.connect(self._tell)

    @cached_property
    def _rewriting(self) -> "Rewriting":
        from reviewer.ui.pages.review.rewriting import Rewriting

        rewriting = Rewriting(self, self._desk, self._bench, self.evidence)
        rewriting.told.connect(self._tell)
        return rewriting

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions do, by id."""
        handlers: dict[str, Callable[[], None]] = {f"review.cite_{n}": partial(self._cite_card, n - 1) for n in range(1, KEYED + 1)}
        return (
            handlers
            | self.stepping.handlers()
            | {
                "review.find_clause": partial(self.drawer.toggle, FIND),
                "review.policy": partial(self.drawer.toggle, POLICY),
                "review.highlight": self._highlighting.press,
                "review.omission": self._ask_omission,
                "review.evidence": self._walk,
                "review.rewrite": self._rewrite_current,
            }
        )

    # -- the item on screen ------------------------------------------------------------------------------------------------------

    def put(self, fetched: Fetched, opinion: Opinion) -> None:
        """An item is up, with what was said of it so far."""
        self._fetched, self._open, self._campaign = fetched, True, fetched.showing.campaign
        self.evidence.put(msgspec.structs.replace(opinion, steps=self._marks_of(opinion)))
        self.stepping.put()
        self._show(fresh=True)
        self.drawer.follow()

    def look_back(self, fetched: Fetched, opinion: Opinion) -> None:
        """An item that was labelled is looked at: what was marked stands out in it."""
        self._fetched, self._open, self._campaign = fetched, False, fetched.showing.campaign
        self.stepping.rest()
        self._bench.pane.view.set_marks(self._marks_of(opinion))
        self._bench.pane.view.set_highlights(highlights(opinion.spans, self._numbers(opinion.clauses)))
        self.drawer.follow()

    def _marks_of(self, opinion: Opinion) -> dict[str, Mark]:
        """The marks as the cards name steps: a lone call may have been marked as `M.1`, and stands there as `M`."""
        cards = {block.address: block.step for block in self._blocks} if opinion.steps else {}
        return {cards.get(step, step): mark for step, mark in opinion.steps.items()}

    def rest(self, campaign: str) -> None:
        """No item is up in a campaign, or in none at all: its policy can be read all the same."""
        self._fetched, self._open, self._campaign = None, False, campaign
        self.stepping.rest()
        self.drawer.follow()

    def count(self, opinion: Opinion, by: int = 1) -> None:
        """A label was recorded, or taken back (-1): what is cited most may be another clause now."""
        shelf = self._shelf
        if shelf is not None:
            shelf.count((full_name(one) for one in opinion.clauses), by)

    def forget_policies(self) -> None:
        """Policies may have changed: they are read again."""
        self._shelves.forget()
        self._show()

    def forget_workspace(self) -> None:
        """Nothing of the old workspace stays."""
        self._shelves.forget()
        self.rest("")

    @property
    def clauses(self) -> tuple[Citable, ...]:
        """The clauses that can be cited of the item on screen, or now where none is up; none while they are being read."""
        shelf = self._shelf
        return shelf.at(self._fetched.showing.item.time if self._fetched is not None else None) if shelf is not None else ()

    @property
    def _shelf(self) -> "Shelf | None":
        return self._shelves.of(self._campaign)

    def _both_orders(self) -> tuple[Sequence[Citable], Sequence[Citable]] | None:
        """The clauses as the policy has them, and the most used first; None while they are being read."""
        if not self._campaign:
            return (), ()
        shelf, clauses = self._shelf, self.clauses
        agent = self._fetched.showing.item.agent if self._fetched is not None else None
        return (clauses, shelf.in_order(clauses, agent)) if shelf is not None else None

    def _take_clauses(self) -> None:
        self._show()
        self.drawer.follow()

    def _show(self, *, fresh: bool = False) -> None:
        """Bring form and transcript to what is known and said. fresh: another item; cards need not stay in their places."""
        view, form, evidence = self._bench.pane.view, self._bench.form, self.evidence
        if self._open:
            view.set_marks(evidence.marks)
            view.set_highlights(highlights(evidence.spans, self._numbers(evidence.clauses)))
        cited, known = [self._citable(one) for one in evidence.clauses], self._both_orders()
        before = () if fresh else [one for one in form.clauses.offers if one.cited or known is None or one.clause in known[0]]
        form.clauses.show_offers(offered(cited, known[1] if known else (), before, least=form.cards))
        if known is not None:
            form.say_policies(known[0], nothing=not form.clauses.offers)
        form.chips.show_chips(self.evidence_words(evidence.add_to(Opinion())))

    def _item(self) -> Item | None:
        """What is up for review; None while an answer is only looked back at."""
        return self._fetched.showing.item if self._fetched is not None and self._open else None

    def clause_words(self, clauses: Iterable[Citation]) -> list[str]:
        """Clauses by number and title, as far as their policy is here; else by their full names."""
        return [shown(one.heading if one.title else one.name) for one in map(self._citable, clauses)]

    def evidence_words(self, opinion: Opinion) -> list[str]:
        """What an opinion marks and misses in the item on screen, a line each."""
        numbers = self._numbers(opinion.clauses)
        marked = [span_words(one, numbers, step=self._step_of(one.step), whole=self._is_whole(one)) for one in opinion.spans]
        rewritten = [rewrite_words(self._step_of(step), one) for step, one in opinion.rewrites.items()]
        return [*marked, *(omission_words(one, numbers) for one in opinion.omissions), *rewritten]

    def _numbers(self, clauses: Iterable[Citation]) -> dict[str, str]:
        return {one.name: one.number for one in map(self._citable, clauses)}

    def _citable(self, citation: Citation) -> Citable:
        found = self._shelf.find(citation) if self._shelf is not None else None
        return found or Citable(citation, "", "", citation.policy, 0, "")

    # -- clauses -----------------------------------------------------------------------------------------------------------------

    def _cite_card(self, place: int) -> None:
        """A digit: keep what is being marked under that clause, else cite it or no longer."""
        offers = self._bench.form.clauses.offers
        if place >= len(offers):
            self._tell(f"There is no clause {place + 1} here: / finds any.")
            return
        clause = offers[place].clause
        if self._highlighting.marking:
            self._highlighting.keep(clause.citation)
        else:
            self._toggle(clause)

    def _toggle(self, clause: Citable) -> None:
        if self.evidence.cites(clause.name) and self._open:
            self.evidence.uncite(clause.name)
            self._tell(f"No longer cited: {shown(_called(clause))}")
        else:
            self._cite(clause, stay=True)

    def _cite(self, clause: Citable, *, stay: bool = False) -> None:
        """Cite it. stay: the focus stays where it is."""
        if not stay:
            self._to_transcript()
        if not self._open:
            self._tell("You look back at an answer: change it first, then cite.")
            return
        self.evidence.cite(clause.citation)
        self._tell(f"Cited: {shown(_called(clause))}")

    def _say_kept(self, spans: list[Span]) -> None:
        size = count(sum(span.end - span.start for span in spans), "character")
        steps = ", ".join(dict.fromkeys(self._step_of(span.step) for span in spans))
        called = short(spans[0].clause, self._numbers(self.evidence.clauses))
        under = f" → {called}" if called else "; 1–9 or / puts them under a clause"
        self._tell(f"Marked {size} of step {steps}{under}")

    # -- what is missing ---------------------------------------------------------------------------------------------------------

    def _ask_omission(self, place: int | None = None) -> None:
        """Say what is missing, or put it in other words."""
        from reviewer.domain.evidence import check

        item, evidence = self._item(), self.evidence
        if item is None:
            return
        step = self._bench.pane.view.steps.current
        begun = Omitted("", step or None, evidence.current or None) if place is None else evidence.omissions[place]
        self._bench.omission.ask_omission(
            begun,
            [(full_name(one), _called(self._citable(one))) for one in evidence.clauses],
            check=lambda named: check(item, (), (named,)),
            keep=partial(self._keep_omission, place),
        )

    def _keep_omission(self, place: int | None, omission: Omitted) -> None:
        self.evidence.put_omission(omission, place)
        words = omission_words(omission, self._numbers(self.evidence.clauses))
        self._tell(f"{words[0].upper()}{words[1:]}")

    # -- what is put right -------------------------------------------------------------------------------------------------------

    def _rewrite_current(self) -> None:
        """Write the current step anew."""
        view = self._bench.pane.view
        if view.scene.blocks:
            self._rewrite(view.scene.blocks[view.steps.index].address)

    def _rewrite(self, step: str) -> None:
        if self._fetched is not None and self._open:
            self._rewriting.ask(self._fetched, step, self._step_of(step))

    # -- chips -------------------------------------------------------------------------------------------------------------------

    def _walk(self) -> None:
        """Go to the chips."""
        if not self._bench.form.chips.words:
            self._tell("Nothing is marked yet: H marks words, O what should have happened, I rewrites a step.")
        else:
            self._bench.form.ensureWidgetVisible(self._bench.form.chips)
            self._bench.form.chips.go_to(0)

    def _open_chip(self, place: int) -> None:
        """Show the words of a span, the text of an omission, or what was rewritten."""
        spans, omissions = self.evidence.spans, self.evidence.omissions
        if place >= len(spans) + len(omissions):
            self._rewrite(list(self.evidence.rewrites)[place - len(spans) - len(omissions)])
            return
        if place >= len(spans):
            self._ask_omission(place - len(spans))
            return
        view = self._bench.pane.view
        span = spans[place]
        if view.show_highlight(*highlights([span], {})):
            announce(self._page, f"Step {self._step_of(span.step)}. {view.steps.words}")

    def _remove_chip(self, place: int) -> None:
        spans = self.evidence.spans
        words = self._bench.form.chips.words[place]
        if place < len(spans):
            self.evidence.remove_span(place)
        elif place < len(spans) + len(self.evidence.omissions):
            self.evidence.remove_omission(place - len(spans))
        else:
            gone = list(self.evidence.rewrites)[place - len(spans) - len(self.evidence.omissions)]
            self.evidence.put_rewrites({step: one for step, one in self.evidence.rewrites.items() if step != gone})
        self._tell(f"Taken away: {words}")

    def _is_whole(self, span: Span) -> bool:
        """Whether a span is all of a value, as far as can be told from the first rows of its card."""
        block = self._block(span.step)
        if block is None or span.pointer is None:
            return False
        block.more(_ROWS_LOOKED_AT)
        runs = [run for run in block.runs if run.quoted and run.pointer == span.pointer and span.part in (None, run.part)]
        return bool(runs) and runs[-1].closes and (span.start, span.end) == (0, runs[-1].start + len(runs[-1].own))

    def _block(self, address: str) -> Block | None:
        return next((block for block in self._blocks if block.address == address), None)

    def _step_of(self, address: str) -> str:
        block = self._block(address)
        return block.step if block is not None else address

    @property
    def _blocks(self) -> Iterable[Block]:
        return self._bench.pane.view.scene.blocks

    # -- saying ------------------------------------------------------------------------------------------------------------------

    def _to_transcript(self) -> None:
        self._bench.pane.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, words: str) -> None:
        self.told.emit(words)
        announce(self._page, words)


def _called(clause: Citable) -> str:
    """A clause on one line: as its card is headed, and its title also where that is only the first words of the text."""
    return clause.heading if clause.caption == clause.heading else f"{in_short(clause.number)} {clause.title}"
