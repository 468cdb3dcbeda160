"""Backups: the library, the index that is served and the files behind the documents, whole and checked by hash.

A backup is a folder, or the same as a tar archive::

    backup.json          what is in it
    library.db           the database as SQLite, whatever engine it runs on
    index/gen-7/…        the generation that was current
    originals/SHA256     files that documents were read from, each content once
    SHA256SUMS           a line a file; `sha256sum -c SHA256SUMS` checks a folder without this program
"""

from assistant.adapters.backup.restore import check_backup, restore_backup
from assistant.adapters.backup.take import take_backup

__all__ = ["check_backup", "restore_backup", "take_backup"]
