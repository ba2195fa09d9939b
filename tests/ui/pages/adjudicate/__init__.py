"""Tests of the Disagreements page."""
