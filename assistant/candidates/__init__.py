"""Asking a chat model for commitments that the rules miss. What it may offer is the domain's to say
(:mod:`assistant.domain.ledger.candidates`); nothing of it is in the ledger before a person confirms it.
"""
