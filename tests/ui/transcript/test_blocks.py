"""An item becomes cards: numbered, folded, paired."""

from reviewer.domain.items import Candidate, Item, Message, Part, Role, ToolCall
from reviewer.ui.transcript.blocks import CHUNK, Sort, Style, parts, pieces, prepare


def text(role: Role, *texts: str, calls: tuple[ToolCall, ...] = ()) -> Message:
    return Message(role=role, content=tuple(Part(type="text", text=t) for t in texts), tool_calls=calls)


def item(*messages: Message) -> Item:
    return Item(kind="trajectory", messages=messages)


def test_a_message_that_is_one_call_has_one_number_and_several_calls_have_their_own() -> None:
    alone = Message(role="assistant", tool_calls=(ToolCall(name="look", arguments='{"id":1}'),))
    both = text("assistant", "One moment.", calls=(ToolCall(name="a"), ToolCall(name="b")))
    blocks = prepare(item(text("user", "hi"), alone, both)).blocks
    assert [(block.step, block.sort, block.heading) for block in blocks] == [
        ("1", Sort.USER, "User"),
        ("2", Sort.CALL, "Tool call · look"),
        ("3", Sort.ASSISTANT, "Assistant"),
        ("3.1", Sort.CALL, "Tool call · a"),
        ("3.2", Sort.CALL, "Tool call · b"),
    ]


def test_a_result_says_which_call_it_answers_where_that_is_not_plain() -> None:
    calls = Message(role="assistant", tool_calls=(ToolCall(name="a", id="1"), ToolCall(name="b", id="2")))
    answers = (Message(role="tool", tool_call_id="2"), Message(role="tool", tool_call_id="1", error="no such id"))
    blocks = prepare(item(calls, *answers)).blocks
    assert [block.heading for block in blocks[2:]] == ["Tool result · b, for step 1.2", "Tool result · a, for step 1.1"]
    assert blocks[3].failed
    blocks[3].more(9)
    assert blocks[3].runs[0].style is Style.FAULT


def test_a_long_result_is_folded_and_says_how_long_it_is() -> None:
    rows = "{" + ",".join(f'"key{i}":{i}' for i in range(41)) + "}"
    (block,) = prepare(item(Message(role="tool", content=(Part(type="text", text=rows),)))).blocks
    assert (block.lines(), block.cut) == (41, True)
    block.more(1000)
    assert len(block.runs) == 10
    block.folded = False
    block.restart()
    block.more(1000)
    assert len(block.runs) == 41


def test_of_a_comparison_nothing_is_said_that_goes_without_saying() -> None:
    answer = (text("assistant", "No."), Message(role="assistant", tool_calls=(ToolCall(name="look"),)), text("user", "Why?"))
    outputs = tuple(Candidate(key=key, messages=answer) for key in "AB")
    prompt, found = parts(prepare(Item(kind="comparison", messages=(text("user", "Can I?"),), candidates=outputs)))
    assert [block.bare for block in prompt.blocks] == [True]
    assert [[block.bare for block in one.blocks] for one in found.values()] == [[True, False, False]] * 2
    several, _ = parts(prepare(Item(kind="comparison", messages=(text("system", "Be brief."), text("user", "Hi")), candidates=outputs)))
    assert not any(block.bare for block in several.blocks)


def test_what_people_said_is_never_folded() -> None:
    long = "\n".join(f"line {i}" for i in range(500))
    blocks = prepare(item(text("user", long), text("assistant", long))).blocks
    assert not any(block.cut for block in blocks)


def test_text_that_is_not_json_after_all_is_shown_to_its_end() -> None:
    broken = '{"a": 1, "b": [1, nothing more'
    (block,) = prepare(item(Message(role="tool", content=(Part(type="text", text=broken),)))).blocks
    block.more(100)
    shown = "".join(run.key + run.text for run in block.runs)
    assert "a" in shown
    assert "nothing more" in shown


def test_pieces_lose_nothing_and_never_split_a_family() -> None:
    family = "👩\u200d👩\u200d👧"
    long = family * 2000
    cut = list(pieces(long))
    assert "".join(long[a:b] for a, b in cut) == long
    assert all(b - a <= CHUNK + 40 for a, b in cut)
    assert not any(long[a] == "\u200d" for a, _ in cut)


def test_hidden_characters_and_outside_references_are_counted() -> None:
    hostile = 'a\u202eb <img src="file:///etc/passwd"> ![x](http://e.example/x.png) <a href="http://e.example">plain link</a>'
    transcript = prepare(item(text("user", hostile), text("assistant", "\u200b")))
    assert transcript.hidden == 2
    assert transcript.references == 2


def test_candidates_stand_one_below_the_other_under_their_names() -> None:
    candidates = tuple(Candidate(key=key, messages=(text("assistant", key),)) for key in "AB")
    blocks = prepare(Item(kind="comparison", messages=(text("user", "?"),), candidates=candidates)).blocks
    assert [block.step for block in blocks] == ["1", "A", "A/1", "B", "B/1"]
    assert blocks[1].sort is Sort.CANDIDATE


def test_an_empty_message_says_so() -> None:
    (block,) = prepare(item(Message(role="assistant"))).blocks
    block.more(5)
    assert block.runs[0].text == "Nothing was said"
