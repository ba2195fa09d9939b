"""The search language: what a person types is read as meant, and nothing that they type is an error."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.domain import query
from reviewer.domain.errors import Refused
from reviewer.domain.query import All, And, Field, Not, Or, Query, Text, parse, period, resolve, to_text

A, B, C = Text("a"), Text("b"), Text("c")

READ: list[tuple[str, Query]] = [
    ("", All()),
    ("  \t\n", All()),
    ("refund", Text("refund")),
    ("refund late", And((Text("refund"), Text("late")))),
    ("refund*", Text("refund", prefix=True)),
    ('"exact words"', Text("exact words", phrase=True)),
    ('"exact wor"*', Text("exact wor", phrase=True, prefix=True)),
    ('"say ""hi"" now"', Text('say "hi" now', phrase=True)),
    ("-voucher", Not(Text("voucher"))),
    ('-"gift card"', Not(Text("gift card", phrase=True))),
    ("-(-a)", A),
    ("-(a b)", Not(And((A, B)))),
    ("a or b", Or((A, B))),
    ("a OR b Or c", Or((A, B, C))),
    ("(a or b)", Or((A, B))),
    ("a (b or c)", And((A, Or((B, C))))),
    ("a b or c", And((A, Or((B, C))))),
    ("(a b) or c", Or((And((A, B)), C))),
    ("a or -b", Or((A, Not(B)))),
    ("((a)) (b c)", And((A, B, C))),
    ("agent:airline", Field("agent", ":", "airline")),
    ("Agent:Airline", Field("agent", ":", "Airline")),
    ("-label:compliant", Not(Field("label", ":", "compliant"))),
    ("label:Non-Compliant", Field("label", ":", "non_compliant")),
    ("model:gpt-4o*", Field("model", ":", "gpt-4o*")),
    ('campaign:"Airline refunds, week 47"', Field("campaign", ":", "Airline refunds, week 47")),
    ('campaign:"the ""big"" one"', Field("campaign", ":", 'the "big" one')),
    ("id:9F3AC1*", Field("id", ":", "9f3ac1")),
    ("steps>10", Field("steps", ">", "10")),
    ("steps>=010", Field("steps", ">=", "10")),
    ("steps=10", Field("steps", ":", "10")),
    ("steps:<5", Field("steps", "<", "5")),
    ("steps≥5", Field("steps", ">=", "5")),
    ("time>=2026-05", Field("time", ">=", "2026-05")),
    ("time:2026-05-12T14:02", Field("time", ":", "2026-05-12T14:02")),
    ("has:image", Field("has", ":", "image")),
    ("tool:cancel(x)", Field("tool", ":", "cancel(x)")),
    ("(tool:cancel(x) or a)", Or((Field("tool", ":", "cancel(x)"), A))),
]

TAKEN_LITERALLY: list[tuple[str, Query]] = [
    ('hello"', Text('hello"', phrase=True)),
    ('"hello world', And((Text('"hello', phrase=True), Text("world")))),
    ("(a", And((Text("(", phrase=True), A))),
    ("a)", And((A, Text(")", phrase=True)))),
    (":)", And((Text(":"), Text(")", phrase=True)))),
    ("NEAR(a", Text("NEAR(a", phrase=True)),
    ("col:x", Text("col:x")),
    ("foo:bar", Text("foo:bar")),
    ("steps>abc", Text("steps>abc")),
    ("steps>", Text("steps>")),
    ("steps>99999999999", Text("steps>99999999999")),
    ("time>yesterday", Text("time>yesterday")),
    ("time:2026-13", Text("time:2026-13")),
    ("time:0000", Text("time:0000")),
    ("agent:", Text("agent:")),
    ("agent>x", Text("agent>x")),
    ('agent:"x', Text('agent:"x', phrase=True)),
    ("label:wrong", Text("label:wrong")),
    ("id:xyz", Text("id:xyz")),
    ("*", Text("*", phrase=True)),
    ("-", Text("-", phrase=True)),
    ("a - b", And((A, Text("-", phrase=True), B))),
    ("--flag", Text("--flag", phrase=True)),
    ("or", Text("or", phrase=True)),
    ("or a", And((Text("or", phrase=True), A))),
    ("a or", And((A, Text("or", phrase=True)))),
    ("a or or b", Or((A, B))),
    ("-or", Not(Text("or", phrase=True))),
    ("()", All()),
    ('""', All()),
    ("-()", All()),
    ("a\x00b", And((A, B))),
    ("\ud800", Text("?")),
]


@pytest.mark.parametrize(("text", "tree"), READ + TAKEN_LITERALLY)
def test_a_search_is_read_as_meant_and_what_is_no_operator_is_text(text: str, tree: Query) -> None:
    assert parse(text) == tree
    assert parse(to_text(tree)) == tree


_OPERATORS = ["(", ")", '"', "-", "*", "or", " or ", ":", ">", "=", "agent:", "steps>", "time:2026", "id:ab", "label:none"]
_pieces = st.sampled_from([*_OPERATORS, " ", "a", "b c", "3", "\x00", "é", "\ud800"])
_texts = st.one_of(st.text(max_size=60), st.lists(_pieces, max_size=40).map("".join))


@given(_texts)
def test_anything_at_all_can_be_read_and_its_writing_reads_the_same(text: str) -> None:
    try:
        tree = parse(text)
    except Refused:
        return
    assert parse(to_text(tree)) == tree


def test_sixty_four_terms_are_read_and_one_more_is_refused_with_what_to_do() -> None:
    assert isinstance(parse(" ".join(["x"] * query.MAX_TERMS)), And)
    for text in (" ".join(["x"] * 65), " or ".join(["x"] * 20_000)[: query.MAX_LENGTH], "(" * 65, "x" * (query.MAX_LENGTH + 1)):
        with pytest.raises(Refused) as refused:
            parse(text)
        assert (refused.value.code, refused.value.hint) == ("E308", "Shorten the search.")


@pytest.mark.parametrize("unit", ["(", ")", '"', '"" ', '" ', 'agent:"" ', "-(", "a(", "-", "()", "-()"])
def test_hostile_repetition_takes_no_time_to_speak_of(unit: str) -> None:
    text = (unit * query.MAX_LENGTH)[: query.MAX_LENGTH]
    start = time.process_time()
    with contextlib.suppress(Refused):
        parse(text)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2026", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
        ("2026-05", "2026-05-01T00:00:00.000Z", "2026-06-01T00:00:00.000Z"),
        ("2026-12", "2026-12-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"),
        ("2024-02-29", "2024-02-29T00:00:00.000Z", "2024-03-01T00:00:00.000Z"),
        ("2026-05-12T14", "2026-05-12T14:00:00.000Z", "2026-05-12T15:00:00.000Z"),
        ("2026-05-12T23:59Z", "2026-05-12T23:59:00.000Z", "2026-05-13T00:00:00.000Z"),
        ("2026-05-12T14:02:59", "2026-05-12T14:02:59.000Z", "2026-05-12T14:03:00.000Z"),
        ("9999", "9999-01-01T00:00:00.000Z", ":"),
        ("0999", "0999-01-01T00:00:00.000Z", "1000-01-01T00:00:00.000Z"),
    ],
)
def test_part_of_a_date_is_the_whole_time_it_covers(value: str, start: str, end: str) -> None:
    assert period(value) == (start, end)
    assert start < end


def test_me_becomes_a_name_where_a_search_is_frozen() -> None:
    frozen = resolve(parse("-(reviewer:me agent:me) or skipped:ME"), me="Ada Lovelace")
    assert to_text(frozen) == '-(reviewer:"Ada Lovelace" agent:me) or skipped:"Ada Lovelace"'


def test_leaves_come_from_left_to_right() -> None:
    assert list(query.leaves(parse("a -(b or kind:completion) c"))) == [A, B, Field("kind", ":", "completion"), C]
