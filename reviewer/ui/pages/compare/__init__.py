"""The Review page where a campaign asks which output is better: outputs side by side, in an order of each reviewer's own.

May import what every page may; what reviewing has in common stands in `reviewer.ui.pages.review`.
"""
