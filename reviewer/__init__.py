"""Reviewer: domain experts label sampled agent decisions; the labels become reward data, honest rates and flagged misalignment."""

__version__ = "0.1.0"
