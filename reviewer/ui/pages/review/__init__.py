"""The Review page: one item at a time, its verdict by keyboard, saved before the next one shows.

May import what a page may: Qt, ui, catalogue, domain; operations only inside functions that run on a worker thread.
"""
