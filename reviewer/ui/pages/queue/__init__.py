"""What the pages that work a queue have in common: which item is up, what becomes of an answer, earlier answers, the end, the drawer.

May import what every page may, and none of the pages that stand on it.
"""
