"""The rules by which a sentence is compared with its evidence; :mod:`.verify` applies them."""
