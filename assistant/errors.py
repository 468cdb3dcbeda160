"""The one tree of errors.

::

    AssistantError            anything that we raise on purpose; ``advice`` says what to do next, in Chinese
    ├── SettingsError         a setting is missing or contradicts another
    ├── LibraryError          the database cannot be opened, read or written
    │   ├── Busy              another ingest holds the lock
    │   └── LibraryDamaged    its file is broken
    ├── IndexUnavailable      no index generation can be served (nothing ingested, or a damaged generation)
    │   └── VectorsUnreachable  the server that has its vectors does not answer
    ├── EmbeddingError        the embedder cannot be loaded or its endpoint failed
    ├── ModelError            the chat model's endpoint failed
    │   ├── ModelUnreachable  no connection, or no answer in time
    │   └── ModelRefused      the endpoint answered with an error
    │       └── ReplyCut      the reply reached its longest; what came before is whole
    ├── RerankError           the reranking endpoint failed; answers come without it
    ├── Stopping              the service ends before the answer does
    ├── BackupError           a backup cannot be written, is damaged, or would overwrite what is there
    ├── PromptError           a prompt file is missing or has wrong placeholders
    └── BadRequest            the caller's fault: ``code`` and ``advice`` say what to change
        ├── NotFound          no such thing, or none that the caller may know of
        └── Conflict          what the caller has read has changed since

A bad *document* is no error but a :class:`~assistant.domain.policy.Problem`. Vendor exceptions are translated into
this tree in the adapters, nowhere else.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all; ``message`` says what happened, ``advice`` what to do next."""

    code = "internal"

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class SettingsError(AssistantError):
    code = "settings"


class LibraryError(AssistantError):
    code = "library"


class Busy(LibraryError):
    code = "busy"


class LibraryDamaged(LibraryError):
    code = "library_damaged"


class IndexUnavailable(AssistantError):
    code = "index_unavailable"


class VectorsUnreachable(IndexUnavailable):
    code = "vectors_unreachable"


class EmbeddingError(AssistantError):
    code = "embedding"


class ModelError(AssistantError):
    code = "model"


class ModelUnreachable(ModelError):
    code = "model_unreachable"


class ModelRefused(ModelError):
    code = "model_refused"


class ReplyCut(ModelRefused):
    code = "reply_cut"


class RerankError(AssistantError):
    code = "rerank"


class Stopping(AssistantError):
    code = "stopping"


class BackupError(AssistantError):
    code = "backup"


class PromptError(AssistantError):
    code = "prompt"


class BadRequest(AssistantError):
    code = "bad_request"

    def __init__(self, message: str, advice: str = "", code: str = "bad_request", param: str | None = None) -> None:
        super().__init__(message, advice)
        self.code = code
        self.param = param


class NotFound(BadRequest):
    def __init__(self, message: str, advice: str = "", code: str = "not_found", param: str | None = None) -> None:
        super().__init__(message, advice, code, param)


class Conflict(BadRequest):
    def __init__(self, message: str, advice: str = "", code: str = "conflict", param: str | None = None) -> None:
        super().__init__(message, advice, code, param)
