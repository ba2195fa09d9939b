"""What under a heading is a statement of its own: bullets, what lies below them, labels, lists that end a sentence, tables."""

import pytest

from reviewer.domain.policy_statements import statements


def _texts(*blocks: str) -> list[str]:
    return [one.text for one in statements(blocks)]


@pytest.mark.parametrize(
    ("blocks", "texts"),
    [
        (["- Never lie.\n- Never shout."], ["Never lie.", "Never shout."]),
        (["Be kind.", "- Never lie.\n- Never shout."], ["Be kind.", "Never lie.", "Never shout."]),
        (["- Ask first\n  and wait.", "- Then act."], ["Ask first\nand wait.", "Then act."]),
        (["- If a member is regular:\n  - one bag\n  - no meal\n- All pay."],
         ["If a member is regular:\n- one bag\n- no meal", "All pay."]),
        (["- Ask first.", "  A yes is a yes.", "- Then act."], ["Ask first.\n\nA yes is a yes.", "Then act."]),
        (["It can be cancelled if any of these is true:\n- It was late.\n- It was full."],
         ["It can be cancelled if any of these is true:\n- It was late.\n- It was full."]),
        (["A user has:", "- a name\n- an age"], ["A user has:\n- a name\n- an age"]),
        (["If it is:", "- spoiled", "escalate at once."], ["If it is:\n- spoiled\n\n  escalate at once."]),
        (["Never do:\n- Share a password.\n- Give advice."], ["Never do: Share a password.", "Never do: Give advice."]),
        (["You may use these tools under the conditions given:", "- **Buy:** with a yes.\n- **Sell**: with two."],
         ["You may use these tools under the conditions given:", "with a yes.", "with two."]),
        (["Tell all.\nImportant:\n- Only one bill waits at a time."], ["Tell all.", "Important: Only one bill waits at a time."]),
        (["| Act | When |\n|---|:-:|\n| Sell | always |\n| Buy \\| lend | |"], ["Act: Sell\nWhen: always", "Act: Buy | lend"]),
        (["Who may:\nAct | When\n--- | ---\nSell | always\n\nMore."], ["Who may:", "Act: Sell\nWhen: always", "More."]),
        (["```\n- no bullet.\n```"], ["```\n- no bullet.\n```"]),
        ([], []),
    ],
)  # fmt: skip
def test_the_smallest_part_that_can_be_read_by_itself_is_a_statement(blocks: list[str], texts: list[str]) -> None:
    assert _texts(*(part for block in blocks for part in block.split("\n\n"))) == texts


def test_a_title_in_bold_or_before_a_colon_is_the_title() -> None:
    found = list(statements(["- **Buy (`buy`):** with a yes.\n- Payment: one card is enough.\n- The agent waits for a yes."]))
    assert [one.title for one in found] == ["Buy (buy)", "Payment", "The agent waits for a yes"]
