"""Generations of the index: built aside, verified, switched to atomically, leased while they are read.

``data_dir/index/gen-N/`` holds ``chroma/``, ``lexical/`` and ``manifest.json``; ``data_dir/index/CURRENT`` names the
one that is served. Nobody ever writes into a generation that has its name: Chroma is not crash-safe and goes stale
under a second process (measured), so a new one is built under a staging name and an old one is never updated.
"""

from assistant.adapters.generation.leases import Generations

__all__ = ["Generations"]
