"""What the program offers, as data: every action and every setting, declared once.

Window, footer, key sheet, palette, tooltips, command line and the README's tables read them from here.
May import the standard library and domain.
"""
