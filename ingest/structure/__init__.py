"""The structure of a document: its parts, head and tail fields, and the clause tree over its canonical text."""
