"""The Explore page: search, a table of all that is found, the item beside it; and the dialogs that begin here: import, campaign, export.

May import what ui may. Reads go through `fetching`, whose functions run on worker threads.
"""
