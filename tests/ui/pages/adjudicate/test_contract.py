"""The page with nothing, one item, ten thousand, the longest text; opinions of many; and a narrow window."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from reviewer.domain.events import Campaign, Event, Label, Shown, Verdict
from reviewer.domain.items import Item, ItemId, Message, Part
from reviewer.domain.labels import Omitted, Opinion
from reviewer.domain.progress import SILENT
from reviewer.operations import campaigns, labelling
from reviewer.storage import campaigns as campaign_rows
from reviewer.storage.workspace import Workspace
from reviewer.ui.pages.adjudicate.opinions import OpinionCard
from reviewer.ui.window import SMALLEST
from tests import worlds
from tests.ui import accessibility
from tests.ui.cuts import cut
from tests.ui.pages.adjudicate import disputed
from tests.ui.pages.adjudicate.conftest import Adjudicate
from tests.ui.pages.person import CTRL
from tests.ui.transcript.runs import sees_canary

Key = Qt.Key


def _all_differ(ada: Workspace, items: list[ItemId]) -> None:
    """Every item twice, in a transaction each for Ben and Cy."""
    verdicts: tuple[tuple[str, Verdict], ...] = (("Ben", "compliant"), ("Cy", "non_compliant"))
    for name, verdict in verdicts:
        acting = ada.as_member(name)
        with acting.begin() as work:
            campaign = campaign_rows.named(work, disputed.NAME).state.hash
            for item in items:
                value = Label(
                    campaign=campaign, item=item, showing=1, verdict=verdict, clauses=(), spans=(), omissions=(), steps={}, blind=True,
                    shown=Shown("test"),
                )  # fmt: skip
                work.record(Event("label", value))
        acting.close()


def test_nothing_is_said_in_a_sentence(adjudicate: Adjudicate, tmp_path: Path) -> None:
    ada = disputed.project(tmp_path / "none")
    person = adjudicate(ada, empty=True)
    assert person.page.empty.accessibleName() == "Nothing is in dispute"
    assert not person.window.actions_of_page.can_fire("adjudicate.compliant")
    assert accessibility.nameless(person.window) == []
    assert accessibility.out_of_reach(person.window) == []
    ada.close()


def test_what_needs_another_person_is_counted_where_nothing_else_waits(adjudicate: Adjudicate, tmp_path: Path) -> None:
    ada = disputed.project(tmp_path / "own", items=1)
    (item,) = disputed.queue(ada)
    disputed.differ(ada, item)
    ida = ada.as_member("Ida")
    labelling.label_item(ida, SILENT, campaign=disputed.NAME, item=item, opinion=Opinion(verdict="unsure"))
    ida.close()
    person = adjudicate(ada, empty=True)
    assert "1 item needs another person" in person.page.empty._sentence.text()
    ada.close()


def test_the_footer_says_both_only_of_two_people(adjudicate: Adjudicate, tmp_path: Path) -> None:
    ada = disputed.project(tmp_path / "three", items=2)
    items = disputed.queue(ada)
    for item in items:
        disputed.differ(ada, item)
    labelling.label_item(ada, SILENT, campaign=disputed.NAME, item=items[0], opinion=Opinion(verdict="unsure"))
    person = adjudicate(ada)
    told = {}

    def is_up(wanted: ItemId) -> bool:
        return person.item == wanted

    for item in items:
        person.wait(partial(is_up, item))
        told[item] = dict(person.page.footer)
        person.press(Qt.Key.Key_S)
    assert told == {items[0]: {"adjudicate.send_back": "send back to all"}, items[1]: {}}
    ada.close()


def test_one_item_without_policy_evidence_or_words(adjudicate: Adjudicate, tmp_path: Path) -> None:
    ada = disputed.project(tmp_path / "one", items=1)
    campaigns.close_campaign(ada, SILENT, campaign=disputed.NAME)
    rules = Campaign(name="Bare", query="", seed="s", overlap=2, assign="all")
    campaigns.create_campaign(ada, SILENT, rules=rules, member_names=["Ben", "Cy"])
    for name, verdict in (("Ben", "compliant"), ("Cy", "unsure")):
        acting = ada.as_member(name)
        worlds.label(acting, worlds.waiting(acting, campaign="Bare")[0], verdict, campaign="Bare")
        acting.close()
    person = adjudicate(ada)
    assert person.page._header.words == "Disagreements, 1 left, Bare"
    assert person.page.bench.clauses.isHidden()
    assert person.page.bench.precedents._none.text() in ("Looking for precedents …", "Nothing like this was resolved before.")
    person.press(Key.Key_P)  # there is no clause to name
    person.press(Key.Key_R)
    person.write("There is no policy.")
    person.press(Key.Key_Return, CTRL)
    person.wait(person.is_empty)
    ada.close()


def test_ten_thousand_are_up_and_the_next_is_a_key_away(adjudicate: Adjudicate, tmp_path: Path) -> None:
    ada = disputed.project(tmp_path / "many", runs=[worlds.run_of(number, words=2) for number in range(10_000)])
    _all_differ(ada, _items(ada))
    person = adjudicate(ada)
    assert person.page._header.words == f"Disagreements, 10,000 left, {disputed.NAME}"
    first = person.item
    person.press(Key.Key_S)
    person.wait(lambda: person.item not in ("", first))
    ada.close()


def test_the_longest_text_in_every_place_breaks_nothing(adjudicate: Adjudicate, tmp_path: Path, canary: Path) -> None:
    markup = f'<img src="file://{canary}">'
    longest = (markup + "W" * 500) * 40
    message = Message(role="user", name=longest[:3000], content=(Part(type="text", text=longest * 20),))
    runs = [Item(kind="trajectory", agent=longest, model=longest, messages=(message,)), worlds.run_of(1)]
    ada = disputed.project(tmp_path / "long", runs=runs)
    for item in disputed.queue(ada):
        for name, verdict in (("Ben", "compliant"), ("Cy", "non_compliant")):
            acting = ada.as_member(name)
            opinion = Opinion(verdict=verdict, rationale=longest, omissions=(Omitted(longest),), steps={"1": "bad"})  # type: ignore[arg-type] # a verdict
            labelling.label_item(acting, SILENT, campaign=disputed.NAME, item=item, opinion=opinion, clauses=["5.1"])
            acting.close()
    first, second = _items(ada)
    disputed.resolve(ada, second, "compliant", longest, "5.2")
    person = adjudicate(ada)
    person.wait(lambda: bool(person.page.bench.precedents.rows))
    assert person.item == first
    assert person.window.width() < 1600
    assert not sees_canary(person.window)
    person.page.bench.ruling.reason.setPlainText(longest * 5)
    person.press(Key.Key_1)
    person.page.bench.precedents.rows[0].click()
    person.wait(lambda: person.page.bench.reading_earlier)
    assert not sees_canary(person.window)
    ada.close()


def test_many_opinions_stand_two_to_a_row_and_large_letters_put_them_below_each_other(adjudicate: Adjudicate, tmp_path: Path) -> None:
    ada = disputed.airline(tmp_path / "several")
    person = adjudicate(ada)
    grid = person.page.bench.opinions
    cards = grid.findChildren(OpinionCard)
    assert len({card.y() for card in cards}) == 1
    person.window.theme.resize(200)
    person.window.resize(1280, 800)
    person.wait(lambda: len({card.y() for card in cards}) == 2)
    side, column = person.page.bench._side, person.page.bench._column
    person.wait(lambda: 0 < column.geometry().width() <= side.width())
    person.wait(lambda: not cut(person.page.bench._left) and side.geometry().right() < person.page.bench.width())
    ada.close()


def test_no_resolution_is_cut_in_the_smallest_window_at_the_largest_text(adjudicate: Adjudicate, tmp_path: Path) -> None:
    ada = disputed.airline(tmp_path / "narrow")
    person = adjudicate(ada)
    row = person.page.bench.ruling.verdicts
    person.window.theme.resize(200)
    person.window.resize(*SMALLEST)
    person.wait(lambda: row.button("policy_at_fault").y() > row.button("non_compliant").y() > 0 and not cut(row))
    person.window.theme.resize(100)
    person.window.resize(1280, 800)
    person.wait(lambda: row.button("policy_at_fault").y() == row.button("non_compliant").y() == 0)
    ada.close()


def _items(ada: Workspace) -> list[ItemId]:
    with ada.read() as reading:
        return [ItemId(item.hex()) for (item,) in reading.rows("SELECT item FROM pick ORDER BY place")]
