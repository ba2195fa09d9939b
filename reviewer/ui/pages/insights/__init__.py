"""The Insights page: what the labels of a campaign say, each figure with its interval and a way to the labels behind it.

May import what every page may.
"""
