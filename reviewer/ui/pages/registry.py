"""Which pages there are, in the order of the rail. A page that is not finished has no row: the rail has no dead ends."""

from importlib import import_module
from typing import NamedTuple, cast

from reviewer.ui.page import Desk, Page


class Entry(NamedTuple):
    """One page: its name, the word and icon on the rail (no icon: not on the rail), and where its class is. It is imported when needed.

    carries: actions of the whole program that this page carries out; the window shows the page first.
    """

    name: str
    title: str
    icon: str
    module: str
    page_class: str
    carries: tuple[str, ...] = ()

    def make(self, desk: Desk) -> Page:
        """Import the page's module and make the page."""
        return cast(Page, getattr(import_module(self.module), self.page_class)(desk))


PAGES: tuple[Entry, ...] = (
    Entry("start", "Start", "", "reviewer.ui.pages.start.page", "StartPage"),
    Entry("review", "Review", "review", "reviewer.ui.pages.review.page", "ReviewPage"),
    Entry("explore", "Explore", "search", "reviewer.ui.pages.explore.page", "ExplorePage", ("app.import", "app.new_campaign")),
)
