"""Several questions at once: answers come as they are given, a stop is heard, and what was under way then is not lost."""

import threading

import pytest

from reviewer.domain.judges import NOTHING, NoAnswer, Question, Reply
from reviewer.domain.progress import SILENT, Cancelled, Ticket
from reviewer.operations.judge_asking import Asking, Stop

QUESTION = Question("s", "u", "n", {})


class Slow:
    """Answers once it may; number 3 is refused, number 4 meets a fault of ours."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may = threading.Event()
        self.closed = False

    def ask(self, question: Question) -> Reply:
        self.asked.append(question.user)
        self.may.wait(10)
        if question.user == "3":
            raise NoAnswer("No.", "Wait.", for_all=False)
        if question.user == "4":
            raise ZeroDivisionError
        return Reply(question.user, "m", (), NOTHING)

    def close(self) -> None:
        self.closed = True


def questions(*numbers: int) -> list[tuple[int, Question]]:
    return [(number, QUESTION._replace(user=str(number))) for number in numbers]


def test_each_answer_comes_with_what_it_is_about() -> None:
    judge = Slow()
    judge.may.set()
    asking: Asking[int] = Asking(judge, Stop())
    found = {one.about: one.answer for one in asking.answers(questions(1, 2, 3), SILENT)}
    asking.close()
    assert isinstance(found.pop(3), NoAnswer)
    assert found == {number: Reply(str(number), "m", (), NOTHING) for number in (1, 2)}
    assert judge.closed


def test_a_fault_of_ours_is_raised_where_somebody_hears_it() -> None:
    judge = Slow()
    judge.may.set()
    asking: Asking[int] = Asking(judge, Stop())
    with pytest.raises(ZeroDivisionError):
        list(asking.answers(questions(4), SILENT))
    asking.close()


def test_who_stops_gets_what_was_under_way_and_no_more() -> None:
    judge, ticket, stop = Slow(), Ticket(lambda _: None), Stop()
    asking: Asking[int] = Asking(judge, stop)
    ticket.cancel()
    with pytest.raises(Cancelled):
        next(asking.answers(questions(*range(10, 30)), ticket))
    judge.may.set()
    rest = sorted(one.about for one in asking.rest())
    asking.close()
    assert rest == sorted(map(int, judge.asked))
    assert 1 <= len(rest) < 20
    with pytest.raises(Cancelled):
        stop.wait(10)
