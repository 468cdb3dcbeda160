"""Thin faces over the stream of events: web, OpenAI-compatible API, command line."""
