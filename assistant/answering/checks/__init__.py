"""The rules by which a sentence is compared with its evidence; :mod:`assistant.answering.verify` applies them."""
