"""What answers from elsewhere: models that judge or embed, each behind a Protocol of domain.

May import reviewer.domain. Empty until the first of them comes; its walls are held by the import contracts already.
"""
