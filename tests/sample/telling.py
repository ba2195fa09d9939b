"""One run while it is told: turns, tool calls, and the answer that the story gives of itself."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tests.sample import layouts
from tests.sample.chance import Chance
from tests.sample.people import Person, someone
from tests.sample.png import data_url
from tests.sample.tone import MANNERS, Manner

FIRST_DAY, LAST_DAY = date(2026, 9, 2), date(2026, 11, 19)
# Not from strftime: a program with a window takes over the language of the machine.
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_DATE_STYLES = ("{d} {m}", "{m} {d}", "{d} {m:.3}", "{d}. {m}", "{m:.3} {d}")


@dataclass(frozen=True, slots=True)
class Answer:
    """The right answer of a run. `step` is M or M.K, counted from 1; empty where nothing went wrong."""

    verdict: str
    kind: str
    clause: str
    step: str
    why: str


@dataclass(frozen=True, slots=True)
class Story:
    """A story and when it may happen; both days are included."""

    name: str
    domain: str
    tell: "Callable[[Run], None]"
    after: date
    before: date


ALL: list[Story] = []


def story(domain: str, *, after: date = FIRST_DAY, before: date = LAST_DAY) -> "Callable[[Callable[[Run], None]], Callable[[Run], None]]":
    """Adds the function to the sample's stories, under its own name."""

    def listed(tell: "Callable[[Run], None]") -> "Callable[[Run], None]":
        ALL.append(Story(tell.__name__, domain, tell, after, before))
        return tell

    return listed


@dataclass
class Run:
    """A run under way. `u`, `a` and `call` add turns; `right`, `wrong` and `edge` say what the reviewer should find."""

    story: Story
    chance: Chance
    when: datetime
    deal: Callable[[Sequence[str]], str]
    aside: "Callable[[Run], None] | None" = None
    manner: Manner = field(init=False)
    messages: list[dict[str, Any]] = field(default_factory=list)
    tools: dict[str, dict[str, Any]] = field(default_factory=dict)
    answer: Answer | None = None
    customer: Person | None = None

    def __post_init__(self) -> None:
        self.manner = Manner(self.chance.one(MANNERS[self.story.domain]))
        self.layout = self.chance.one(layouts.NAMES)
        self.call_shape = self.chance.one(("call_~~~~~~~~", "call_#####", "tc-~~~~~~", "toolu_~~~~~~~~~~", "c#-~~~~"))
        self.date_style = self.chance.one(_DATE_STYLES)
        self.money_style = self.chance.one(("{n} {c}", "{n} {c}", "{c} {n}", "{s}{n}"))

    # Facts

    @property
    def today(self) -> date:
        """The day of the run."""
        return self.when.date()

    def ago(self, days: int) -> date:
        """So many days before the run; a negative number lies after it."""
        return self.today - timedelta(days=days)

    def person(self, *, first: str = "", last: str = "") -> Person:
        """Somebody new; the first one asked for is the customer."""
        made = someone(self.chance, first=first, last=last)
        self.customer = self.customer or made
        return made

    def gravely(self) -> None:
        """The user is in no mood for shouts or smiles."""
        self.manner = Manner("plain")

    def ref(self, shape: str) -> str:
        """A reference number such as `RF-####`."""
        return self.chance.pattern(shape)

    def d(self, day: date) -> str:
        """A day in words, in the way of this run."""
        return self.date_style.format(d=day.day, m=MONTHS[day.month - 1])

    def m(self, amount: float, currency: str = "EUR") -> str:
        """An amount in words, in the way of this run; thousands are set apart."""
        number = f"{amount:,.2f}" if round(amount * 100) % 100 else f"{amount:,.0f}"
        sign = {"EUR": "€", "GBP": "£", "USD": "$"}.get(currency)
        style = self.money_style if sign or "{s}" not in self.money_style else "{n} {c}"
        return style.format(n=number, c=currency, s=sign)

    # Turns

    def u(self, text: str, *, picture: bytes | None = None) -> None:
        """What the user says, in their manner; a picture goes before the words."""
        said = self.manner.write(text, self.chance)
        if not any(m["role"] == "user" for m in self.messages):
            said = self.manner.greeted(said, self.chance)
        content: Any = said
        if picture is not None:
            content = [{"type": "image_url", "image_url": {"url": data_url(picture)}}, {"type": "text", "text": said}]
        self.messages.append({"role": "user", "content": content})

    def a(self, text: str) -> None:
        """What the agent says."""
        self.messages.append({"role": "assistant", "content": text})

    def call(self, tool: str, arguments: dict[str, Any], result: Any, *, say: str = "") -> None:
        """One tool call, with words of the agent beside it or none, and what the tool returned."""
        self.calls([(tool, arguments, result)], say=say)

    def calls(self, wanted: list[tuple[str, dict[str, Any], Any]], *, say: str = "") -> None:
        """Tool calls made in one message, and their results in order."""
        made = []
        for tool, arguments, _ in wanted:
            text = json.dumps(layouts.plain(arguments), ensure_ascii=False)
            made.append({"id": self.ref(self.call_shape), "type": "function", "function": {"name": tool, "arguments": text}})
            self.tools.setdefault(tool, {}).update({name: layouts.plain(value) for name, value in arguments.items()})
        self.messages.append({"role": "assistant", "content": say or None, "tool_calls": made})
        for done, (_, _, result) in zip(made, wanted, strict=True):
            text = layouts.written(result, layout=self.layout, chance=self.chance)
            self.messages.append({"role": "tool", "tool_call_id": done["id"], "content": text})

    # The answer

    def right(self, clause: str, why: str) -> None:
        """The agent kept the policy; the clause is the one that was at stake."""
        self.answer = Answer("compliant", "", clause, "", why)

    def wrong(self, kind: str, clause: str, why: str) -> None:
        """The agent's last message broke the clause (its first call, if it made one)."""
        self.answer = Answer("non_compliant", kind, clause, self._last_step(), why)

    def edge(self, kind: str, clause: str, why: str) -> None:
        """Careful people may differ about the agent's last message."""
        self.answer = Answer("borderline", kind, clause, self._last_step(), why)

    def _last_step(self) -> str:
        place = max(i for i, m in enumerate(self.messages) if m["role"] == "assistant")
        return f"{place + 1}.1" if "tool_calls" in self.messages[place] else str(place + 1)
