"""Finding a clause among all that can be cited."""

from collections.abc import Sequence

from reviewer.domain.citable import Citable
from reviewer.domain.ranking import Name, typed_words


class ClauseSearch:
    """Finds clauses by what somebody types of their number, title or words."""

    def __init__(self, clauses: Sequence[Citable]) -> None:
        """clauses: in the order in which equally good answers come."""
        self._clauses = [(Name(f"{clause.caption} {clause.name}", clause.text), clause) for clause in clauses]

    def find(self, typed: str) -> list[Citable]:
        """The best answers first; all of them where nothing was typed."""
        words = typed_words(typed)
        if not words:
            return [clause for _name, clause in self._clauses]
        scored = [(score, clause) for name, clause in self._clauses if (score := name.score(words)) is not None]
        return [clause for _score, clause in sorted(scored, key=lambda found: -found[0])]
