"""The viewer of one item: its steps as cards, painted as plain text, only what is in sight laid out.

May import Qt, reviewer.ui.theme and reviewer.domain. `prepare`, `marks`, `offsets` and `json_rows` know no Qt and may run on a worker.
"""
