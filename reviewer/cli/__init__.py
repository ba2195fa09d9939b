"""The command line: one module per command, each turning options into one operation and its answer into text or JSON.

May import operations and what lies below it; never ui. `line` reads the arguments and loads only the module that is asked for.
"""
