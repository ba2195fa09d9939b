"""The Clusters page: a map of the items of a run, what stands out in it and what to do about it, and whether anything drifts.

May import what every page may.
"""
