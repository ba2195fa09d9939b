"""What happens in each run of the sample, one subject a file; each story says at which step it goes wrong, if it does.

Importing this package fills the list `ALL` of `tests.sample.telling`, in the order of these imports.
May import its neighbours in tests/sample only.
"""

from tests.sample.stories import (
    claims_amounts,
    claims_deciding,
    claims_evidence,
    claims_opening,
    claims_service,
    support_disruption,
    support_flights,
    support_money,
    support_people,
    support_returns,
    support_talk,
    trading_advice,
    trading_money,
    trading_orders,
    trading_pressure,
)

FILES = (
    claims_amounts,
    claims_deciding,
    claims_evidence,
    claims_opening,
    claims_service,
    support_disruption,
    support_flights,
    support_money,
    support_people,
    support_returns,
    support_talk,
    trading_advice,
    trading_money,
    trading_orders,
    trading_pressure,
)
