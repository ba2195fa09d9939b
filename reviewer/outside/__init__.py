"""What answers from elsewhere: models that judge or embed, each behind a Protocol of domain.

May import reviewer.domain. SDKs are loaded when they are first used.
"""
