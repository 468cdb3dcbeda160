"""Who is made responsible by a sentence: brackets, labels, phrasings."""
