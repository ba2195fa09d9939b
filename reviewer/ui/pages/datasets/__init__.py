"""The Datasets page: releases, whether they stand, their rows with their story, and a new one in four steps.

May import the ui's own parts, domain and catalogue; operations only in `fetching`, when they are asked for.
"""
