"""The question path: understand, retrieve, fuse, compose, verify; one stream of events."""
