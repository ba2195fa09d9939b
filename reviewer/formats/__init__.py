"""Bytes in, records out: one file per format, a registry that lists them, and `intake`, which walks paths and reads what it finds.

May import reviewer.domain and nothing else of the program; knows no store, no screen and no network.
"""
