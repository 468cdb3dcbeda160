"""A chat assistant over Chinese official documents: every sentence stands on a clause."""

__version__ = "0.1.0"
