"""``python page_picture.py FILE PAGE``: one page of a PDF or picture file, as JPEG on stdout.

Run as a process of its own with limits of memory and time, because a file from outside may break what draws it. Exit
code 1 where there is no such page.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 1240  # pixels: A4 at 150 dots an inch, enough to read small print
_MOST_PIXELS = 60_000_000  # of a picture that is opened
_MEMORY = 1536 * 1024 * 1024  # bytes of address space
_SECONDS = 15  # of processor time


def page(path: Path, number: int) -> Image | None:
    """The page (from 1), at most :data:`WIDTH` wide; None where there is none of that number."""
    if path.suffix.lower() == ".pdf":
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        if not 1 <= number <= len(document):
            return None
        drawn = document[number - 1]
        width, height = drawn.get_size()
        scale = min(WIDTH / max(width, 1), 3 * WIDTH / max(height, 1))
        return drawn.render(scale=scale).to_pil().convert("RGB")  # type: ignore[no-any-return]
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    opened = Image.open(path)
    if not 1 <= number <= getattr(opened, "n_frames", 1):
        return None
    opened.seek(number - 1)
    upright = ImageOps.exif_transpose(opened).convert("RGB")
    upright.thumbnail((WIDTH, 3 * WIDTH))
    return upright


def main() -> None:
    """Write the page to standard output."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    drawn = page(Path(sys.argv[1]), int(sys.argv[2]))
    if drawn is None:
        sys.exit(1)
    drawn.save(sys.stdout.buffer, "JPEG", quality=80)


if __name__ == "__main__":
    main()
