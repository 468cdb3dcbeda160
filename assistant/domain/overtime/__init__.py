"""Things over time and across documents: mentions, histories, conflicts, asks and replies."""
