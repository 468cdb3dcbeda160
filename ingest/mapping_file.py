"""The YAML file in which a user says what the columns of a table of documents are (docs/mapping.md)."""

from __future__ import annotations

import hashlib
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.errors import AssistantError
from ingest.formats import causes
from ingest.formats.sheet.prose import SECTIONS

_MAX_MAPPING = 100_000  # bytes

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
FieldName = Literal["number", "session", "proposer", "category", "issuer", "handlers", "date", "published"]
"""What a column can be beside title and text, in the order of the lines below the title."""


class MappingError(AssistantError):
    """A mapping cannot be read, or does not fit its table; the message names the place and what is possible."""

    code = "mapping"


class Columns(BaseModel):
    """Names of columns as the header has them; a group and its label are joined by “·”."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: _Text
    text: Annotated[tuple[_Text, ...], Field(min_length=1)] | _Text
    number: _Text | None = None
    session: _Text | None = None
    proposer: _Text | None = None
    category: _Text | None = None
    issuer: _Text | None = None
    handlers: _Text | None = None
    date: _Text | None = None
    published: _Text | None = None

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.text,) if isinstance(self.text, str) else self.text

    @property
    def named(self) -> dict[str, str]:
        """The fields that have a column, in the order of their lines."""
        return {name: column for name in get_args(FieldName) if (column := getattr(self, name))}


class Mapping(BaseModel):
    """What a user says of a table that holds one document a row."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: Columns
    values: dict[FieldName, _Text] = {}
    kind: Literal["提案", "公文", "其他"] = "提案"
    files: _Text = "*"
    sheet: _Text | None = None
    ignore: tuple[_Text, ...] = ()
    sections: tuple[_Text, ...] = SECTIONS

    def applies_to(self, name: str) -> bool:
        """Whether a file of that name is meant."""
        return fnmatch(PurePosixPath(name).name, self.files) or fnmatch(name, self.files)

    @property
    def digest(self) -> str:
        """Changes with the mapping, so that files are read anew: 16 hex digits."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def load_mapping(path: Path) -> Mapping:
    """The mapping in a YAML file. Raises :class:`MappingError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise MappingError(f"无法读取对应表 {path.name}：{causes.of_system(error)}", "请检查路径。") from error
    return read_mapping(data, path.name)


def read_mapping(data: bytes, name: str = "对应表") -> Mapping:
    """The mapping in YAML text. Raises :class:`MappingError` that names each wrong entry."""
    import yaml

    if len(data) > _MAX_MAPPING:
        raise MappingError(f"{name} 过大，不是对应表。", "请给出 YAML 文件，写法见 docs/mapping.md。")
    try:
        written = yaml.safe_load(data)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行" if mark is not None else ""
        raise MappingError(f"{name} 不是有效的 YAML：{place}写法有误。", "写法见 docs/mapping.md。") from error
    try:
        return Mapping.model_validate(written)
    except ValidationError as error:
        faults = "；".join(dict.fromkeys(_fault(dict(e)) for e in error.errors()))
        raise MappingError(f"{name} 有误：{faults}。", "写法见 docs/mapping.md。") from error


def _fault(error: dict[str, Any]) -> str:
    names = [str(part) for part in error["loc"] if part not in ("constrained-str", "tuple[constrained-str, ...]")]
    place = ".".join(n for n in names if "[" not in n) or "内容"
    match error["type"]:
        case "missing":
            return f"缺少 {place}"
        case "extra_forbidden":
            known = Columns.model_fields if names[0] == "columns" else Mapping.model_fields
            return f"不认识 {place}（可写 {'、'.join(known)}）"
        case "literal_error":
            expected = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", "、")
            return f"{place} 只能是 {expected.replace(', ', '、')}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{place} 应是“名称: 值”的各行"
    return f"{place} 应是文字（数字请加引号）"
