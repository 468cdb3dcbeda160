"""The registry of organisations as tables that a domain expert can read and extend."""
