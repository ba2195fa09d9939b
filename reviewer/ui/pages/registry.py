"""Which pages there are, in the order of the rail. A page that is not finished has no row: the rail has no dead ends."""

from importlib import import_module
from typing import NamedTuple, cast

from reviewer.ui.page import Desk, Page


class Entry(NamedTuple):
    """One page: its name, the word and icon on the rail (no icon: not on the rail), and where its class is. It is imported when needed.

    carries: actions of the whole program that this page carries out; the window shows the page first. under: the page on whose entry of
    the rail it stands, where it has none of its own.
    """

    name: str
    title: str
    icon: str
    module: str
    page_class: str
    carries: tuple[str, ...] = ()
    under: str = ""

    def make(self, desk: Desk) -> Page:
        """Import the page's module and make the page."""
        return cast(Page, getattr(import_module(self.module), self.page_class)(desk))


_OF_EXPLORE = ("app.import", "app.new_campaign", "app.draw_more", "app.plan")

PAGES: tuple[Entry, ...] = (
    Entry("start", "Start", "", "reviewer.ui.pages.start.page", "StartPage"),
    Entry("review", "Review", "review", "reviewer.ui.pages.review.page", "ReviewPage"),
    Entry("compare", "Review", "", "reviewer.ui.pages.compare.page", "ComparePage", under="review"),
    Entry("adjudicate", "Disagreements", "", "reviewer.ui.pages.adjudicate.page", "AdjudicatePage", under="review"),
    Entry(
        "explore",
        "Explore",
        "search",
        "reviewer.ui.pages.explore.page",
        "ExplorePage",
        _OF_EXPLORE,
    ),
    Entry("clusters", "Clusters", "clusters", "reviewer.ui.pages.clusters.page", "ClustersPage"),
    Entry("insights", "Insights", "insights", "reviewer.ui.pages.insights.page", "InsightsPage"),
    Entry("policies", "Policies", "file", "reviewer.ui.pages.policies.page", "PoliciesPage"),
    Entry("datasets", "Datasets", "datasets", "reviewer.ui.pages.datasets.page", "DatasetsPage"),
    Entry("incidents", "Incidents", "triangle-alert", "reviewer.ui.pages.incidents.page", "IncidentsPage"),
    Entry("sync", "Sync", "sync", "reviewer.ui.pages.sync.page", "SyncPage"),
)
