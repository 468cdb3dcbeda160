"""Organisations: names found, split and compared, and the registry that knows them."""
