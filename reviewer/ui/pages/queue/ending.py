"""The end of a queue: what stands in the bench's place then, and how that goes with the drawer."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from reviewer.ui.page import Page
from reviewer.ui.pages.queue.bench import Bench
from reviewer.ui.pages.queue.flow import Flow
from reviewer.ui.pages.queue.looking_back import LookingBack

if TYPE_CHECKING:
    from reviewer.ui.pages.queue.ends import EndPage
    from reviewer.ui.pages.queue.panels import Panels


class Ending(QObject):
    """Shows that nothing is up. The drawer belongs to the bench: while it is open the bench is shown, with nothing else on it."""

    def __init__(
        self,
        page: Page,
        flow: Flow,
        stack: QStackedWidget,
        bench: Bench,
        back: LookingBack,
        *,
        panels: Callable[[], "Panels"],
        focus: Callable[[], None],
    ) -> None:
        """focus: gives the keys to what is on the bench."""
        super().__init__(page)
        self._page, self._flow, self._stack, self._bench, self._back = page, flow, stack, bench, back
        self._panels, self._focus = panels, focus
        self._reached = False

    @cached_property
    def page(self) -> "EndPage":
        """What says that the queue is at its end; made when it is."""
        from reviewer.ui.pages.queue.ends import EndPage

        page = EndPage(lambda size: self._flow.grow(size, failed=self._page.on_error))
        self._stack.addWidget(page)
        return page

    @property
    def here(self) -> bool:
        """Whether the end was reached and nothing has come up since."""
        return self._reached and self._flow.current is None and self._back.past is None

    def show(self) -> None:
        """The end of the queue, or no campaign at all. What is read in the drawer stays until it is closed."""
        self._reached = True
        several = (lambda: self._panels().open("campaigns")) if len(self._flow.campaigns) > 1 else None
        self.page.show_for(self._flow.standing, self._page.desk.shell, look_back=lambda: self._back.look(1), campaigns=several)
        if self._bench.drawer_kind:
            self.show_bench()
        else:
            self._show_page()

    def show_bench(self) -> None:
        """The drawer opened, or something is up: the bench is shown."""
        self._reached = self.here
        self._bench.rest(self._reached)
        self._stack.setCurrentWidget(self._bench)

    def take_focus(self) -> None:
        """Give the keys to what is shown; once the drawer is closed, the end is shown again."""
        if self.here and not self._bench.drawer_kind:
            self._show_page()
        else:
            self._focus()

    def _show_page(self) -> None:
        self._stack.setCurrentWidget(self.page)
        if self._page.isVisible():
            self.page.take_focus()
