"""Every code that a person can meet: where it is tested, and its row in README.md. JOURNAL.md section 5."""

import ast
import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]
_CODE = re.compile(r"\bE\d{3}\b")
_BUNDLES = "contracts/test_messages.py"
_MACHINE = "contracts/test_messages_of_this_machine.py"
_EXCHANGE = "contracts/test_messages_of_exchange.py"
_DATA = "contracts/test_messages_of_data.py"
_UNREAD = f"{_BUNDLES}::test_what_cannot_be_read_is_refused_in_two_lines_and_changes_nothing"

# By code, the test that brings it about: on the command line, save for what only a window shows.
TESTED = {
    "E000": "contracts/test_codes.py::test_nothing_is_raised_without_a_code_of_its_own",
    "E001": f"{_MACHINE}::test_a_workspace_of_another_machine_asks_what_happened",
    "E002": f"{_BUNDLES}::test_the_text_of_a_name_is_escaped",
    "E003": f"{_MACHINE}::test_a_workspace_of_another_machine_asks_what_happened",
    "E004": "cli/test_line.py::test_an_interruption_is_said_in_a_sentence",
    "E009": "cli/test_line.py::test_a_bug_leaves_a_report_without_content_and_no_traceback",
    "E101": f"{_MACHINE}::test_a_full_database_says_so_and_promises_only_what_is_true_here",
    "E102": f"{_MACHINE}::test_a_write_that_the_disk_refuses_is_said_and_the_same_again_succeeds",
    "E103": f"{_MACHINE}::test_a_place_that_cannot_be_written_is_named",
    "E104": f"{_MACHINE}::test_a_second_writer_is_told_to_wait",
    "E105": f"{_MACHINE}::test_an_older_sqlite_and_a_network_disk_are_refused",
    "E106": f"{_BUNDLES}::test_what_is_no_database_is_called_damaged",
    "E107": f"{_MACHINE}::test_a_record_that_was_changed_is_found_by_verify_and_doctor",
    "E108": f"{_BUNDLES}::test_an_older_copy_is_told_on_standard_error",
    "E109": f"{_MACHINE}::test_a_workspace_of_another_machine_asks_what_happened",
    "E110": "cli/test_notices.py::test_a_clock_that_was_set_back_is_a_note_once",
    "E111": f"{_MACHINE}::test_a_wrong_passphrase_makes_the_next_try_wait",
    "E112": f"{_MACHINE}::test_tables_of_a_newer_version_are_left_as_they_are",
    "E113": f"{_MACHINE}::test_an_update_that_fails_is_not_applied",
    "E114": "operations/test_beside.py::test_one_that_is_killed_is_told_in_two_sentences_and_leaves_nothing_half_written",
    "E199": "ui/test_faults.py::test_a_bug_in_the_background_is_told_once_though_two_tell_it",
    "E201": _UNREAD,
    "E202": _UNREAD,
    "E203": _UNREAD,
    "E204": _UNREAD,
    "E205": f"{_BUNDLES}::test_what_a_revoked_device_sent_is_kept_aside_and_said",
    "E206": f"{_BUNDLES}::test_a_bundle_of_another_project_is_refused",
    "E207": _UNREAD,
    "E208": f"{_BUNDLES}::test_a_bundle_that_came_before_is_nothing_new_and_no_error",
    "E209": f"{_EXCHANGE}::test_what_waits_for_an_earlier_record_says_for_which",
    "E210": f"{_EXCHANGE}::test_a_device_with_two_histories_is_told_to_others_and_to_itself",
    "E211": f"{_EXCHANGE}::test_an_erased_item_that_comes_again_is_not_restored",
    "E212": f"{_EXCHANGE}::test_a_bundle_that_the_disk_did_not_take_leaves_no_file",
    "E301": f"{_DATA}::test_a_line_that_is_no_json_is_named_with_its_reason_and_the_others_go_in",
    "E302": f"{_DATA}::test_a_line_that_is_too_long_is_named",
    "E303": f"{_DATA}::test_programs_drawings_and_web_pages_are_not_opened",
    "E304": "ui/transcript/test_images.py::test_a_bomb_is_refused_by_its_header_before_anything_is_decoded",
    "E305": "ui/transcript/test_view.py::test_the_strip_warns_and_the_raw_view_is_one_key_away",
    "E306": "ui/transcript/test_view.py::test_the_strip_warns_and_the_raw_view_is_one_key_away",
    "E307": f"{_DATA}::test_a_policy_without_clauses_leaves_the_one_in_force",
    "E308": f"{_DATA}::test_a_search_with_too_many_terms_is_to_be_shortened",
    "E401": f"{_EXCHANGE}::test_a_hub_and_a_server_that_do_not_answer_are_offline",
    "E402": f"{_EXCHANGE}::test_a_hub_with_another_certificate_is_not_spoken_to",
    "E403": f"{_EXCHANGE}::test_a_hub_that_shows_less_than_before_is_not_followed",
    "E404": f"{_EXCHANGE}::test_another_result_of_the_same_entries_blocks_exports",
    "E501": "cli/test_judge.py::test_a_judge_that_gives_no_answer_or_a_wrong_one_is_said_item_by_item",
    "E502": "cli/test_judge.py::test_a_judge_that_gives_no_answer_or_a_wrong_one_is_said_item_by_item",
    "E601": f"{_BUNDLES}::test_who_may_not_is_told_so",
    "E603": f"{_DATA}::test_an_erasure_that_devices_have_not_confirmed_names_them",
    "E604": f"{_DATA}::test_an_export_says_what_is_open_and_runs_no_formula",
}
_STRIP = {"E305": "invisible or direction mark", "E306": "outside reference"}  # the strip over an item says these without a code


def said_in(text: str) -> set[str]:
    """The codes that stand in the strings of a module; what it only explains of them counts too."""
    strings = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {code for string in strings for code in _CODE.findall(string)}


def source_of(test: str) -> str:
    """A test's own lines, with the cases that it is given. Raises KeyError where there is none of this name."""
    file, _, name = test.partition("::")
    text = (_ROOT / "tests" / file).read_text(encoding="utf-8")
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}[name]
    first = min([found.lineno, *(one.lineno for one in found.decorator_list)])
    return "\n".join(text.splitlines()[first - 1 : found.end_lineno])


def test_every_code_of_the_program_is_tested_and_every_tested_one_is_said() -> None:
    said = set().union(*(said_in(path.read_text(encoding="utf-8")) for path in (_ROOT / "reviewer").rglob("*.py")))
    assert said | set(_STRIP) == set(TESTED)


def test_a_code_that_nobody_tests_would_be_noticed() -> None:
    assert said_in('raise Refused("No.", "Ask.", "E999")') - set(TESTED) == {"E999"}
    assert said_in('note(f"{n} wait. [E998]")') == {"E998"}
    with pytest.raises(KeyError):
        source_of("contracts/test_codes.py::test_of_nothing")


@pytest.mark.parametrize("code", sorted(TESTED))
def test_the_test_of_a_code_is_there_and_asks_for_it(code: str) -> None:
    assert _STRIP.get(code, code) in source_of(TESTED[code])


@pytest.mark.parametrize("code", sorted(TESTED))
def test_a_code_has_its_row_in_the_readme(code: str) -> None:
    text = (_ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("\n## When something goes wrong\n")[2].partition("\n## ")[0]
    rows = re.findall(rf"^\| {code} \| (.+) \| (.+) \|$", section, flags=re.MULTILINE)
    assert len(rows) == (code != "E000")
    assert all(len(what) > 8 and do.endswith(".") for what, do in rows)


def test_nothing_is_raised_without_a_code_of_its_own() -> None:
    """E000 is what an error has that nobody gave a code: a mistake of ours."""
    for path in (_ROOT / "reviewer").rglob("*.py"):
        for tree in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "ReviewerError":
                assert len(tree.args) == 3 or any(word.arg == "code" for word in tree.keywords), f"{path}:{tree.lineno}"
