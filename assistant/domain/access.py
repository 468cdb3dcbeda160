"""Who asks: whose conversations are theirs, what they may do, and which documents they may see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Scope(StrEnum):
    """What an identity may do."""

    ASK = "ask"  # ask questions, keep conversations, give feedback
    READ = "read"  # read documents and the ledger
    REVIEW = "review"  # judge rows of the ledger
    INGEST = "ingest"  # bring documents in and take them out
    ADMIN = "admin"  # everything, and what looks after the service: metrics, the audit log


def department(name: str) -> str:
    """A department's name for comparison: full width and white space make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).split())


_WORDS = {"公开": "public", "public": "public", "内部": "internal", "internal": "internal"}
_DEPARTMENTS = re.compile(r"(?:按?部门|departments?)[:：](?P<names>.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Visibility:
    """Who may see a document: everybody, the staff, or the departments named. No department: administrators alone."""

    level: Literal["public", "internal", "departments"]
    departments: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Visibility:
        """公开, 内部, or 部门: and names between commas or 、. Raises ValueError for anything else."""
        word = text.strip()
        if level := _WORDS.get(word.lower()):
            return cls("public" if level == "public" else "internal")
        match = _DEPARTMENTS.fullmatch(word)
        split = re.split("[,，、;；]", match["names"]) if match else []
        names = frozenset(filter(None, map(department, split)))
        if not names:
            raise ValueError(f"不是可见范围：{word[:40]}（应为 公开、内部 或 部门:名称、名称）")
        return cls("departments", names)

    def __str__(self) -> str:
        match self.level:
            case "public":
                return "公开"
            case "internal":
                return "内部"
            case _:
                return f"部门:{'、'.join(sorted(self.departments))}"

    @classmethod
    def strictest(cls, labels: Iterable[Visibility]) -> Visibility:
        """The label of a text that lies in several places: a copy in an open folder opens no other.

        Departments add up: each was given its own copy.
        """
        found = list(labels)
        if narrow := [label for label in found if label.level == "departments"]:
            return cls("departments", frozenset().union(*(label.departments for label in narrow)))
        return INTERNAL if INTERNAL in found else PUBLIC


PUBLIC = Visibility("public")
INTERNAL = Visibility("internal")
HIDDEN = Visibility("departments")
"""For administrators alone: what is meant by a label that cannot be read."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """Which documents may be seen; the one value that index and ledger filter by. The least by default."""

    internal: bool = False  # documents for the staff (内部)
    departments: frozenset[str] = frozenset()  # departments whose documents (按部门) are seen too
    everything: bool = False  # whatever its label

    def sees(self, label: Visibility) -> bool:
        """Whether a document of this label may be seen."""
        match label.level:
            case "public":
                return True
            case "internal":
                return self.internal or self.everything
            case _:
                return self.everything or bool(self.departments & label.departments)


@dataclass(frozen=True, slots=True)
class Identity:
    """One who asks. ``owner`` names whom conversations and feedback belong to, such as ``key:3f…`` or ``user:…``."""

    owner: str
    scopes: frozenset[Scope] = frozenset()
    clearance: Clearance = field(default=Clearance())

    def may(self, scope: Scope) -> bool:
        """Whether this identity has the scope; an administrator has every one."""
        return scope in self.scopes or Scope.ADMIN in self.scopes


LOCAL = Identity("local", frozenset(Scope), Clearance(everything=True))
"""The person at the machine: who can run the commands can read the data folder anyway."""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is kept: never its secret. Times are ISO 8601, UTC."""

    id: str
    name: str
    scopes: frozenset[Scope]
    clearance: Clearance
    created_at: str
    expires_at: str | None = None
    revoked_at: str | None = None
    last_used_at: str | None = None

    def active(self, now: str) -> bool:
        """Whether it opens anything at that time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    @property
    def identity(self) -> Identity:
        """Whom it lets in."""
        return Identity(f"key:{self.id}", self.scopes, self.clearance)


@dataclass(frozen=True, slots=True)
class WidgetPass:
    """What a widget's token says: made with a key, for a page of one origin, for a person where the page knows one.

    ``departments`` are the person's, of those that the key has; None: all that the key has.
    """

    key_id: str
    user: str
    origin: str
    departments: frozenset[str] | None = None

    def identity(self, key: ApiKey) -> Identity:
        """Whom the token lets in: never more than its key, and never to look after the service."""
        clearance = key.clearance
        if self.departments is not None:
            kept = self.departments if clearance.everything else self.departments & clearance.departments
            clearance = Clearance(clearance.internal or clearance.everything, kept)
        return Identity(f"widget:{key.id}:{self.user}", key.scopes & {Scope.ASK, Scope.READ}, clearance)


class Keyless(StrEnum):
    """From where requests are served that present nothing."""

    NOWHERE = "nowhere"
    THIS_MACHINE = "this machine"
    ANYWHERE = "anywhere"  # only on the operator's express word


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The headers in which a trusted proxy names the user and, between commas, their departments and groups.

    ``grants`` are (group, what its members may do beside asking and reading); a group that is not named grants nothing.
    """

    user: str
    departments: str | None = None
    groups: str | None = None
    grants: tuple[tuple[str, Scope], ...] = ()

    def granted(self, groups: Iterable[str]) -> frozenset[Scope]:
        """What a member of these groups may do beside asking and reading. Names are compared as they are written."""
        theirs = frozenset(groups)
        return frozenset(scope for group, scope in self.grants if group in theirs)


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who is let in without a key, and which other sites' pages may call. ``trusted`` are addresses or networks of
    proxies that are believed.
    """

    keyless: Keyless = Keyless.THIS_MACHINE
    trusted: tuple[str, ...] = ()
    sign_on: SingleSignOn | None = None
    callers: tuple[str, ...] = ()  # origins whose pages may call with a key of their own (CORS)
