"""Measurements that are repeated: `python -m benchmarks.<name> [--small] [--json]`."""
