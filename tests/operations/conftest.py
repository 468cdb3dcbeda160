"""The folder of files and the library that ingest runs are tried on, for whoever keeps the service running."""

from tests.ingest_runs.conftest import Desk, desk, quick

__all__ = ["Desk", "desk", "quick"]
