"""Who asks: whose conversations are theirs, what they may do, and which documents they may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Scope(StrEnum):
    """What an identity may do."""

    ASK = "ask"  # ask questions, keep conversations, give feedback
    READ = "read"  # read documents and the ledger
    REVIEW = "review"  # judge rows of the ledger
    INGEST = "ingest"  # bring documents in and take them out
    ADMIN = "admin"  # look after the service: metrics, reports over everybody's feedback


@dataclass(frozen=True, slots=True)
class Clearance:
    """Which documents may be seen; the one value that index and ledger filter by. The least by default."""

    internal: bool = False  # documents for the staff (内部)
    departments: frozenset[str] = frozenset()  # departments whose documents (按部门) are seen too
    everything: bool = False  # whatever its label


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
