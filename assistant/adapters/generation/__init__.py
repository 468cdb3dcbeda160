"""Generations of the index: built aside, verified, switched to atomically, leased while they are read.

``data_dir/index/gen-N/`` holds ``lexical/`` and ``manifest.json``, which names the parts of ``data_dir/index/parts/``
that its vectors are in; ``data_dir/index/CURRENT`` names the generation that is served. Nobody ever writes into a
generation or a part that has its name: Chroma is not crash-safe and goes stale under a second process (measured), so
new ones are built under a staging name and old ones are never updated. What a generation has in common with the one
before is not built again: parts are shared, and of the word index the files that stay have a second name.
"""

from assistant.adapters.generation.leases import Generations

__all__ = ["Generations"]
