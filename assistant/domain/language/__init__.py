"""The language of official documents: terms, numerals, dates, limits; what a sentence claims, how far matters are."""
