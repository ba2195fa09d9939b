"""Making campaigns: the wizard of a new one, planning a size, drawing more. Dialogs that other pages open.

May import what every page may: the window's own parts, operations, domain.
"""
