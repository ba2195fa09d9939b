"""The pages, a package each. A page is registered by its row in `registry.py`; the rail is made from those rows.

May import what ui may; a page imports no other page: it goes there through its desk.
"""
