"""The composition root of backups: settings in, a backup or a restored library out. No service is opened."""

from __future__ import annotations

from pathlib import Path

from assistant.adapters.backup import check_backup, restore_backup, take_backup
from assistant.adapters.database.engine import open_library
from assistant.domain.backups import Restored, Taken
from assistant.errors import BackupError
from assistant.settings import Settings

__all__ = ["back_up", "check_backup", "restore"]


def back_up(
    target: Path, *, originals: bool = True, overwrite: bool = False, settings: Settings | None = None
) -> Taken:
    """Back the library of the settings up, while others use it. Raises an :class:`assistant.errors.AssistantError`."""
    settings = settings or Settings()
    if settings.library_url is None and not (settings.data_dir / "library.db").is_file():
        raise BackupError(f"{settings.data_dir} 中没有资料库。", "请检查 ASSISTANT_DATA_DIR。")
    engine = open_library(settings.data_dir, settings.library_url)
    try:
        return take_backup(engine, settings.data_dir, target, originals=originals, overwrite=overwrite)
    finally:
        engine.dispose()


def restore(
    backup: Path, *, originals: Path | None = None, overwrite: bool = False, settings: Settings | None = None
) -> Restored:
    """Restore a backup into the data folder of the settings. Raises an :class:`assistant.errors.AssistantError`."""
    settings = settings or Settings()
    return restore_backup(backup, settings.data_dir, originals=originals, overwrite=overwrite, url=settings.library_url)
