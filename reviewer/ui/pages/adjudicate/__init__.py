"""The Disagreements page: items on which reviewers differ, resolved one by one.

May import what a page may: Qt, ui, catalogue, domain; operations only inside functions that run on a worker thread.
"""
