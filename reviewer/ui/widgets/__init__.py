"""Parts that several pages share: caps, pills, cards, segments, labels that show text as text.

May import Qt, catalogue, domain and ui.theme. Knows no page and no workspace.
"""
