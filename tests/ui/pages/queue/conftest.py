"""What the pages that work a queue have in common, seen on either."""

from tests.ui.pages.compare.conftest import compare as compare
from tests.ui.pages.review.conftest import review as review
from tests.ui.transcript.runs import canary as canary
