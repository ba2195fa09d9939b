"""What reviewing is: items, labels, campaigns, members, and their rules as plain functions.

May import the standard library, numpy, scipy, and the byte codecs msgspec and rfc8785 (they define what a canonical item
and a signed entry are). No Qt, SQL, files, clock or chance: those are handed in.
"""
