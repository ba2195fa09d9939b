"""Charts: each a drawing, which is a value that any thread can paint at any scale, shown by one widget that is worked by keys.

May import what widgets may, and the theme.
"""
