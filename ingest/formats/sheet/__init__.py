"""Spreadsheets and delimited text as rows of named cells."""
