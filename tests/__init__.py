"""Tests of reviewer; the folders mirror the package."""

from reviewer.__main__ import compute_in_one_thread

compute_in_one_thread()  # tests and figures are of what the program does
