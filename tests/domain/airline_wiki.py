"""The clauses of tau-bench's airline policy as a compliance officer would cite them: listed by hand, before the parser read it.

Each statement and each bullet is one; the cases below a bullet belong to it, since none can be read without it.
"""

# key, its first words, its last words
CLAUSES = [
    ("airline-agent-policy.1", "The current time is", "15:00:00 EST."),
    ("airline-agent-policy.2", "As an airline agent,", "cancel flight reservations."),
    ("airline-agent-policy.3", "Before taking any actions", "(yes) to proceed."),
    ("airline-agent-policy.4", "You should not provide", "recommendations or comments."),
    ("airline-agent-policy.5", "You should only make one tool call", "at the same time."),
    ("airline-agent-policy.6", "You should deny", "against this policy."),
    ("airline-agent-policy.7", "You should transfer", "scope of your actions."),
    ("domain-basic.1", "Each user has a profile", "membership tier."),
    ("domain-basic.2", "Each reservation has", "insurance information."),
    ("domain-basic.3", "Each flight has a flight number", "not landed, cannot be booked."),
    ("book-flight.1", "The agent must first obtain the user id", "origin, destination."),
    ("book-flight.2", "Passengers: Each reservation", "in the same cabin."),
    ("book-flight.3", "Payment: each reservation", "for safety reasons."),
    ("book-flight.4", "Checked bag allowance: If", "is 50 dollars."),
    ("book-flight.5", "Travel insurance: the agent", "health or weather reasons."),
    ("modify-flight.1", "The agent must first obtain the user id", "reservation id."),
    ("modify-flight.2", "Change flights: Basic economy", "before calling the API!"),
    ("modify-flight.3", "Change cabin: all reservations", "is not possible."),
    ("modify-flight.4", "Change baggage and insurance: The user", "after initial booking."),
    ("modify-flight.5", "Change passengers: The user", "cannot assist with."),
    ("modify-flight.6", "Payment: If the flights are changed", "refund method instead."),
    ("cancel-flight.1", "The agent must first obtain the user id", "or other reasons)"),
    ("cancel-flight.2", "All reservations can be cancelled", "before calling the API!"),
    ("cancel-flight.3", "The agent can only cancel", "transfer is needed."),
    ("cancel-flight.4", "The refund will go", "7 business days."),
    ("refund.1", "If the user is silver/gold member", "$100 times the number of passengers."),
    ("refund.2", "If the user is silver/gold member", "$50 times the number of passengers."),
    ("refund.3", "Do not proactively offer", "flies (basic) economy."),
]
