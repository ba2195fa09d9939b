"""The Review page where a campaign asks which output is better: outputs side by side, in an order of each reviewer's own.

May import what every page may; what it has in common with the Review page stands in `reviewer.ui.pages.queue`.
"""
