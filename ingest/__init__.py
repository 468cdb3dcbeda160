"""The document path: files go in, clauses with exact places and a verified index generation come out."""
