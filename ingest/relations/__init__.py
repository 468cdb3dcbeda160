"""How documents stand to one another: versions, links, duplicates."""
