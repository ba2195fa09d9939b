"""The Policies page: versions and clauses, what changed and which labels rest on the old words, and publishing a version.

May import what every page may: ui, catalogue and domain; operations on worker threads.
"""
