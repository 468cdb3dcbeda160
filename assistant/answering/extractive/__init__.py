"""Answers made of the documents' own words, one composer a kind of question."""
