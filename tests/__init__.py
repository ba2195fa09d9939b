"""Tests of reviewer; the folders mirror the package."""
