"""Who may see which file: the rules in ``.visibility`` files, and what was said on the command line.

A rule file stands in a folder and speaks of all that lies below it. Each line is a label for everything (``内部``),
or a pattern and a label (``人事/*: 部门:人事处``); the last line that fits wins, and a file in a folder further down
wins over one further up. ``*`` and ``?`` stand for any characters; a pattern without ``/`` fits the name of a file or
of any folder above it, one with ``/`` the path from the folder of the rule file. ``#`` begins a remark.

What a rule says goes before the command line, which holds until another run says otherwise. A rule file that cannot be
read, or has a line that is no rule, hides all below it from everybody but administrators, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from assistant.domain.access import HIDDEN, Visibility
from assistant.domain.holdings import SourceRecord
from assistant.domain.policy import Problem
from ingest.formats import causes
from ingest.ports import Labels

FILE = ".visibility"
RULE, COMMAND = "rule", "command"  # what gave a label
_BYTES = 65_536  # a longer rule file is none


@dataclass(frozen=True, slots=True)
class Rule:
    """A label for what the pattern fits; "" fits everything."""

    pattern: str
    label: Visibility

    def fits(self, path: PurePosixPath) -> bool:
        """Whether a path, relative to the folder of the rule file, is meant."""
        if not self.pattern:
            return True
        if "/" not in self.pattern:
            return any(fnmatchcase(part, self.pattern) for part in path.parts)
        pattern = self.pattern.strip("/")
        return any(fnmatchcase(str(place), pattern) for place in (path, *path.parents))


def parse_rules(text: str) -> list[Rule]:
    """The rules of a file. Raises ValueError that names the line which is none."""
    rules = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        try:
            rules.append(_rule(line))
        except ValueError as error:
            raise ValueError(f"第{number}行：{error}") from None
    return rules


def _rule(line: str) -> Rule:
    try:
        return Rule("", Visibility.parse(line))
    except ValueError:
        pattern, colon, label = re.sub("：", ":", line, count=1).partition(":")
        if not colon or not pattern.strip():
            raise
        return Rule(pattern.strip(), Visibility.parse(label))


class Rules:
    """The rule files above some files, each read once; ``problems`` tells of those that do not hold."""

    def __init__(self) -> None:
        self._read: dict[Path, list[Rule] | None] = {}
        self.problems: list[Problem] = []

    def label(self, path: Path) -> Visibility | None:
        """What the rules in the folders above a file say of it; None where they say nothing."""
        for folder in path.parents:
            rules = self._of(folder)
            inside = PurePosixPath(path.relative_to(folder).as_posix())
            if rules is None:
                return HIDDEN
            if fitting := [rule for rule in rules if rule.fits(inside)]:
                return fitting[-1].label
        return None

    def _of(self, folder: Path) -> list[Rule] | None:
        if folder not in self._read:
            self._read[folder] = self._parsed(folder / FILE)
        return self._read[folder]

    def _parsed(self, file: Path) -> list[Rule] | None:
        try:
            with file.open("rb") as opened:
                data = opened.read(_BYTES + 1)
            if len(data) > _BYTES:
                raise ValueError("文件过大")
            return parse_rules(data.decode("utf-8-sig"))
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            reason = causes.of_system(error) if isinstance(error, OSError) else str(error)
            told = f"可见范围规则有误（{reason}），所在目录的文件暂时只有管理员能看"
            self.problems.append(Problem(str(file), "", told, lost=False))
            return None


def label(
    labels: Labels, sources: Mapping[str, SourceRecord], paths: Iterable[str], given: Visibility | None
) -> Sequence[Problem]:
    """Label the sources at ``paths`` and the documents in them; ``given`` is what the command line says."""
    rules, kept = Rules(), labels.of_sources()
    found: dict[str, tuple[Visibility, str] | None] = {}
    for path in paths:
        source = sources.get(path)
        if source is None:
            continue
        said = rules.label(Path(source.container or path))
        before = kept.get(path)
        if said is not None:
            now: tuple[Visibility, str] | None = (said, RULE)
        elif given is not None:
            now = (given, COMMAND)
        else:
            now = before if before and before[1] == COMMAND else None
        if now != before:
            found[path] = now
    if found:
        labels.put(found)
    return rules.problems
