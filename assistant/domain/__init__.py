"""The vocabulary of the product: documents and clauses, questions and answers. Imports nothing of ours above it."""
