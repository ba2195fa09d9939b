"""The Sync page: what waits here, what came in, what is to be settled, who takes part, and whether everything is what it was.

May import what every page may. The dialogs of bundles and requests serve the whole window.
"""
