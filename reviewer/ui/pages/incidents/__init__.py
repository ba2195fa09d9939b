"""The Incidents page: cases with their clocks, what each touches, what was done, and the rate after the fix.

May import what every page may: ui, catalogue and domain; operations on worker threads.
"""
