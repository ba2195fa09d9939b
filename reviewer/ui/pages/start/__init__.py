"""The first page: three ways in, and what was opened before.

May import what a page may: Qt, ui, catalogue, domain.
"""
