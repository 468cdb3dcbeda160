"""Recognition of printed text on a picture of a page: a local engine whose weights are in its package.

Nothing is ever downloaded: the engine is given the paths of its weights, and a missing one is an error. One engine
serves all threads of a process; it is loaded with the first page (1.2 s). A page takes about 0.75 GiB at its peak, each
further one at the same time 0.3.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from ingest.formats.allowance import more_time
from ingest.formats.pdf_lines import Piece
from ingest.formats.spaces import display_width

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

#: Below this a line is not taken: such lines are ornaments, handwriting and seals.
LEAST_CONFIDENCE = 0.5
#: Below this a line is taken and named as uncertain. Clean print has 0.98 and more.
SURE_CONFIDENCE = 0.85
_LONG_SIDE = 1280  # pixels to which a page is scaled for finding its lines; reading them uses the full picture
_RED_SHARE = 0.001  # of a page's pixels from which a seal or a red letterhead is looked for
_DOUBTFUL = 0.6  # certainty of a whole page below which it may lie upside down
_SEAL_LIGHT = 0.88  # of the usual lightness of red in the red channel; what is darker has print under it
_LOCK = threading.Lock()  # while the engine is made


class OcrUnavailable(RuntimeError):
    """The engine or its weights are not installed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The runs of text on a page, level, in pixels.

    ``unsure`` are texts that were too uncertain to take, ``sealed`` says that a seal is on the page, whose own text is
    not read. The picture has to be turned by ``quarters`` (counter-clockwise) and then by ``degrees`` (about its
    upper left corner) to lie as the pieces do.
    """

    pieces: tuple[Piece, ...]
    unsure: tuple[str, ...] = ()
    sealed: bool = False
    quarters: int = 0
    degrees: float = 0.0


@dataclass(frozen=True, slots=True)
class _Found:
    """A run as the engine gives it: four corners from the upper left one on, clockwise."""

    corners: tuple[tuple[float, float], ...]
    text: str
    confidence: float

    @property
    def width(self) -> float:
        return math.dist(self.corners[0], self.corners[1])

    @property
    def height(self) -> float:
        return math.dist(self.corners[0], self.corners[3])


@cache
def _engine() -> Any:
    try:
        import rapidocr
        from rapidocr import RapidOCR
    except ImportError as error:
        raise OcrUnavailable("没有安装文字识别组件，请运行 pip install rapidocr onnxruntime") from error
    models = Path(rapidocr.__file__).parent / "models"
    weights = {"Det.model_path": "PP-OCRv6_det_small.onnx", "Rec.model_path": "PP-OCRv6_rec_small.onnx"}
    for name in weights.values():
        if not (models / name).is_file():
            raise OcrUnavailable(f"文字识别组件缺少 {name}，请运行 pip install --force-reinstall rapidocr==3.10.0")
    return RapidOCR(
        params={
            # The classifier of upside-down lines turns lines that begin with “（三）”.
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "Global.log_level": "error",
            "Det.limit_side_len": _LONG_SIDE,
            "Det.limit_type": "max",
            # Files and pages are read side by side; a second thread for one page costs half as much again.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            **{key: str(models / name) for key, name in weights.items()},
        }
    )


def recognise(picture: Picture) -> Recognised:
    """The text of a page given as RGB pixels, whichever way up it lies.

    Asks for the time of a page. Raises :class:`OcrUnavailable`.
    """
    import numpy as np

    more_time()
    red = _red(picture)
    coloured = float(red.mean()) >= _RED_SHARE
    ink = _without_red(picture, red) if coloured else picture
    with _LOCK:
        _engine()
    quarters, found = _upright(ink)
    letterhead: list[_Found] = []
    red = np.rot90(red, quarters)
    is_headed = coloured and _spans(red)
    if is_headed:
        page = np.where(red[:, :, None], 0, 255).astype(np.uint8)
        letterhead = [
            f for f in _read(np.ascontiguousarray(np.repeat(page, 3, axis=2)))
            if f.confidence >= SURE_CONFIDENCE and f.width > 3 * f.height and f.corners[0][1] < 0.5 * len(red)
            and not any(_overlap(f, other) for other in found)
        ]  # fmt: skip
    degrees = _slope(found)
    pieces = [_piece(f, degrees) for f in (*letterhead, *found)]
    return Recognised(
        tuple(p for p in pieces if p.confidence >= LEAST_CONFIDENCE),
        tuple(p.text for p in pieces if p.confidence < LEAST_CONFIDENCE),
        coloured and float(red[int(0.4 * len(red)) :].mean()) >= _RED_SHARE,
        quarters,
        degrees,
    )


def _read(picture: Picture) -> list[_Found]:
    import numpy as np

    # The engine takes channels in the order blue, green, red.
    result = _engine()(np.ascontiguousarray(picture[:, :, ::-1]))
    if result.boxes is None or not result.txts:
        return []
    return [
        _Found(tuple((float(x), float(y)) for x, y in box), text, float(score))
        for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)
        if text.strip()
    ]


def _upright(picture: Picture) -> tuple[int, list[_Found]]:
    """The page's text and by how many quarters (counter-clockwise) the picture is turned to be upright."""
    import numpy as np

    best = 0, _read(picture)
    long = [f for f in best[1] if max(f.width, f.height) > 3 * min(f.width, f.height)]
    tall = sum(f.height for f in long if f.height > f.width)
    tried: tuple[int, ...] = ()
    if tall > 0.6 * sum(max(f.width, f.height) for f in long):
        tried = (1, 3)
    elif long and _certainty(best) < _DOUBTFUL:
        tried = (2,)
    for quarters in tried:
        other = quarters, _read(np.ascontiguousarray(np.rot90(picture, quarters)))
        # Lines that stand upright are read as well as level ones, and put in a wrong order.
        if _certainty(other) > _certainty(best) - (0.02 if best[0] == 0 and quarters != 2 else 0.0):
            best = other
    return best


def _certainty(read: tuple[int, Sequence[_Found]]) -> float:
    """How well a page is read, 0 to 1: a long run of which only a character or two come out is not read."""
    whole = sum(f.width * f.height for f in read[1])
    if not whole:
        return 0.0
    sure = 0.0
    for f in read[1]:
        characters = max(f.width, f.height) / max(1.0, min(f.width, f.height))
        sure += f.width * f.height * f.confidence * min(1.0, len(f.text) / (0.6 * characters))
    return sure / whole


def _red(picture: Picture) -> NDArray[np.bool_]:
    import numpy as np

    channels = picture.astype(np.int16)
    strongest = np.maximum(channels[:, :, 1], channels[:, :, 2])
    red: NDArray[np.bool_] = (channels[:, :, 0] > 120) & (channels[:, :, 0] - strongest > 60)
    return red


def _without_red(picture: Picture, red: NDArray[np.bool_]) -> Picture:
    """The page in grey as if nothing red were on it.

    In the red channel a seal is nearly as light as the paper, and print under it is darker, even where the ink covers
    it: around the red, what is lighter than most of the red becomes white, and what is darker is deepened.
    """
    import cv2
    import numpy as np

    channel = picture[:, :, 0]
    level = max(1.0, _SEAL_LIGHT * float(np.median(channel[red])))
    around = cv2.dilate(red.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    grey = channel.copy()
    grey[around] = (255 * np.minimum(channel[around] / level, 1.0) ** 3).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _spans(red: NDArray[np.bool_]) -> bool:
    """Whether red in the upper half reaches over a good part of the page's width: a letterhead, no seal."""
    import numpy as np

    columns = np.flatnonzero(red[: len(red) // 2].any(axis=0))
    return len(columns) > 0 and bool(columns[-1] - columns[0] > 0.3 * red.shape[1])


def _overlap(a: _Found, b: _Found) -> bool:
    (left, top), (right, bottom) = a.corners[0], a.corners[2]
    x, y = sum(p[0] for p in b.corners) / 4, sum(p[1] for p in b.corners) / 4
    return left <= x <= right and top <= y <= bottom


def _slope(found: Sequence[_Found]) -> float:
    """By how many degrees the lines of a page fall to the right: the median of its longer runs."""
    long = [f for f in found if f.width > 4 * f.height]
    if not long:
        return 0.0
    slopes = [
        math.degrees(math.atan2(f.corners[1][1] - f.corners[0][1], f.corners[1][0] - f.corners[0][0])) for f in long
    ]
    slope = median(slopes)
    return slope if 0.05 < abs(slope) < 15 else 0.0


def _piece(found: _Found, degrees: float) -> Piece:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    level = [(x * cos + y * sin, y * cos - x * sin) for x, y in found.corners]
    left, right = (level[0][0] + level[3][0]) / 2, (level[1][0] + level[2][0]) / 2
    top, bottom = (level[0][1] + level[1][1]) / 2, (level[2][1] + level[3][1]) / 2
    text = _chinese_punctuation(found.text)
    size, columns = 0.8 * (bottom - top), display_width(text)
    if columns >= 8:
        size = min(1.1 * (bottom - top), 2 * (right - left) / columns)
    return Piece(text, left, top, right, bottom, max(size, 1.0), found.confidence)


_HAN = "\u3400-\u9fff"
_MARKS = str.maketrans(",:;?!", "，：；？！")


def _chinese_punctuation(text: str) -> str:
    """Marks beside Chinese characters in their full width: the engine cannot tell the widths apart."""
    text = re.sub(rf"(?<=[{_HAN}）》”])[,:;?!]", lambda m: m.group().translate(_MARKS), text)
    text = re.sub(rf"\((?=[{_HAN}])|(?<=[{_HAN}])\(", "（", text)
    text = re.sub(rf"(?<=[{_HAN}。])\)|\)(?=[{_HAN}])", "）", text)
    # The other half of a pair follows the first; 〔2024〕 are the brackets of document numbers.
    text = re.sub(r"〔([0-9]{4})[\])）】}]|[\[(（【{]([0-9]{4})〕", r"〔\1\2〕", text)
    text = re.sub(r"（([^()（）]{0,40})\)", r"（\1）", text)
    return re.sub(r"\(([^()（）]{0,40})）", r"（\1）", text)
