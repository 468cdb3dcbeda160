"""library.db: the truth about documents, their passages and vectors, and the conversations."""
