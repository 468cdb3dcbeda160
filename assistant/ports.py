"""What the question path and the document path need from outside, as Protocols.

Paths import these, adapters implement them, the composition roots (``assistant/bootstrap.py``,
``ingest/wiring.py``) bring the two together. A fake is one more implementation, kept in ``tests/fakes``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from assistant.domain.access import ApiKey, Clearance, Identity, Scope, Visibility, WidgetPass
from assistant.domain.audit import Deed
from assistant.domain.conditions import Trouble
from assistant.domain.conversations import Conversation, JudgedAnswer, Judgement, KeptTurn, OpenQuestion
from assistant.domain.dialogue import Answer, Citation, Event, Turn
from assistant.domain.holdings import Holding, Link
from assistant.domain.policy import Chunk, Document
from assistant.domain.uploads import Upload

if TYPE_CHECKING:  # the rules that read them cost 0.2 s, which the command line pays only where it lists them
    from datetime import date

    from assistant.domain.ledger.candidates import Offer, Open, Sifted
    from assistant.domain.ledger.commitments import Entry
    from assistant.domain.ledger.handling import Handling
    from assistant.domain.ledger.reviews import Decision, Pending, Review
    from assistant.domain.ledger.selection import Filters, Page
    from assistant.domain.overtime.overview import Overview, ProposalAsks


class Embedder(Protocol):
    """Text to unit vectors; the shape of LangChain's ``Embeddings`` with an identity.

    ``model`` names everything that changes a vector (weights, engine, precision, prefixes): it is half of the key
    under which vectors are kept, and vectors of two models never meet in one generation.
    """

    @property
    def model(self) -> str: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...

    def embed_query(self, text: str) -> list[float]: ...


class Reranker(Protocol):
    """Reads a query and texts together and tells how well each answers. Optional: retrieval works without."""

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """One score a text, in their order, the higher the better; raises :class:`assistant.errors.RerankError`."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a route found; the higher the score the better, comparable within one route only."""

    chunk_id: str
    document_id: str
    score: float


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a list of documents and the understanding of a question need of a document, without its text."""

    id: str
    title: str
    number: str | None
    kind: str
    source: str
    fields: Mapping[str, tuple[str, ...]]  # normalised values by field name


class Index(Protocol):
    """One whole generation, open for reading, thread-safe. Nothing in it changes while it is open."""

    @property
    def name(self) -> str: ...  # "gen-7"

    @property
    def view(self) -> str:
        """Empty where it shows the whole generation; else tells what is shown from other parts of it."""
        ...

    @property
    def model(self) -> str | None: ...  # the embedder's; None where the generation has no vectors

    def dense(self, vector: Sequence[float], k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The ``k`` chunks nearest by cosine, best first; only of ``document_ids`` where given. Score: cosine."""
        ...

    def lexical(self, query: str, k: int, document_ids: Sequence[str] | None = None) -> list[Hit]:
        """The ``k`` chunks best by BM25 over :func:`assistant.domain.language.text.terms`, best first."""
        ...

    def documents(self) -> Sequence[DocumentInfo]:
        """All documents of this generation, by title."""
        ...

    def document(self, document_id: str) -> Document | None:
        """A document of this generation, whole; None where it holds no such document.

        An earlier version is found here, though neither search nor :meth:`documents` gives it.
        """
        ...

    def links(self, document_id: str) -> Sequence[Link]:
        """How a document of this generation stands to its others: versions, replies, what repeals what."""
        ...

    def chunks(self, chunk_ids: Iterable[str]) -> Mapping[str, Chunk]:
        """Chunks by id; unknown ids are left out."""
        ...

    def chunks_of(self, document_id: str) -> Sequence[Chunk]:
        """All chunks of a document, in text order."""
        ...


@dataclass(frozen=True, slots=True)
class Original:
    """The file that a document was read from, as it lies on the disk. ``drawable``: its pages can be seen."""

    name: str  # without folders
    path: Path
    media_type: str
    size: int  # bytes
    sha256: str
    drawable: bool


class Originals(Protocol):
    """The files behind the documents."""

    def original(self, document_id: str) -> Original | None:
        """The file, unchanged since it was read; None where it is gone, was changed, or holds other documents too."""
        ...

    def page(self, original: Original, number: int) -> bytes | None:
        """A page (from 1) as JPEG; None where there is no such page, or it cannot be drawn within the limits."""
        ...


class Uploads(Protocol):
    """Files that are brought in over the web. They are kept in the data folder and read by ingest, beside us."""

    @property
    def most_bytes(self) -> int:
        """The largest file that is taken."""
        ...

    @property
    def default(self) -> Visibility:
        """Who may see a file of which nothing is said."""
        ...

    def receiving(self) -> AbstractContextManager[IO[bytes]]:
        """A file to write what arrives into; gone when the block ends, unless it was kept."""
        ...

    def keep(self, arrived: IO[bytes], name: str, visibility: Visibility, by: str, replaces: str | None) -> Upload:
        """Keep what arrived under a name of :func:`assistant.domain.uploads.safe_name` and have it read soon.

        ``replaces`` is the id of the upload of which it is a new version. Raises
        :class:`assistant.errors.LibraryError` where the disk does not take it, and
        :class:`assistant.errors.NotFound` for an unknown id.
        """
        ...

    def all(self) -> Sequence[Upload]:
        """All that there are, the latest first."""
        ...

    def remove(self, upload_id: str) -> Upload:
        """Take it and all that it gave out of the library, soon. Raises :class:`assistant.errors.NotFound`."""
        ...

    def resume(self) -> None:
        """Go on with what an earlier process left undone."""
        ...

    def close(self) -> None:
        """Stop the work under way; what is undone stays for :meth:`resume`."""
        ...


class Indexes(Protocol):
    """The generation that is current now, and those still in use."""

    def lease(self) -> AbstractContextManager[Index]:
        """The current generation, kept open until the block ends, even when a newer one is published meanwhile.

        Raises :class:`assistant.errors.IndexUnavailable` where nothing has been published.
        """
        ...


class Labels(Protocol):
    """Who may see which document."""

    def current(self) -> tuple[str, Mapping[str, Visibility]]:
        """All labels by document id, of documents that are gone too, and what changes whenever one of them does."""
        ...


class GuardedIndexes(Protocol):
    """The generations as readers may see them: what the faces that serve others are given."""

    def seen_by(self, clearance: Clearance) -> Indexes:
        """Leases in which a document that this clearance does not see is as if it were not there."""
        ...

    def hidden(self, clearance: Clearance, document_ids: Iterable[str]) -> frozenset[str]:
        """Those of these documents that it does not see, whether a generation has them or not."""
        ...


class Ledger(Protocol):
    """The commitments (责任台账) of the documents of the current generation, complete and in one order.

    Entries are as people have corrected them (:attr:`Entry.reviewed` has what the document says); those that they
    rejected are in lists only where the filters ask for them.

    Raises :class:`assistant.errors.IndexUnavailable` where nothing has been published.
    """

    def commitments(self, filters: Filters, *, limit: int | None = None, offset: int = 0) -> Page:
        """Those that the filters let through, by the date of their document; ``limit`` None for all of them."""
        ...

    def commitment(self, commitment_id: str) -> Entry | None:
        """One by its id, a rejected one and a candidate too; None where the generation has no such commitment."""
        ...

    def candidates(self) -> Sequence[Entry]:
        """What a model offers and no person has taken up (待确认), rejected ones too: in no list, and in no count."""
        ...

    def review(self, commitment_id: str, decision: Decision) -> Review:
        """Keep what someone says of a commitment; every list shows it from then on.

        One that is gone can be withdrawn alone. Raises :class:`assistant.errors.BadRequest` where the decision does
        not hold together, :class:`assistant.errors.NotFound`, and :class:`assistant.errors.Conflict` where the
        commitment is no longer what the decision's version was read from.
        """
        ...

    def reviews(self, commitment_id: str) -> Sequence[Review]:
        """All that was said of a commitment, the oldest first."""
        ...

    def pending(self) -> Sequence[Pending]:
        """The reviews whose words are others now (待复核), the oldest first."""
        ...

    def chosen(self, index: Index, filters: Filters) -> Sequence[Entry]:
        """Those of a leased generation that the filters let through, in the same order, without a page's counts."""
        ...


class OverTime(Protocol):
    """The ledger over time: what became of things over the documents of a leased generation, and what contradicts.

    Only the documents that the lease shows go into it, as people have corrected their commitments.
    """

    def overview(self, index: Index) -> Overview:
        """Histories and conflicts of all things that the documents name; made once a generation and kept."""
        ...

    def asks(self, index: Index, proposal: str | None = None) -> Sequence[ProposalAsks]:
        """Proposals with each of their asks and what the replies say to it; all, or those that go by ``proposal``
        (第524号, 524, a part of title, number or file name, an id)."""
        ...

    def handling(self, index: Index, as_of: date, proposal: str | None = None) -> Sequence[Handling]:
        """By when proposals must be answered and whether they were, by the table of rules (办复时限)."""
        ...


class GuardedLedger(Protocol):
    """The ledger as readers may see it."""

    def seen_by(self, clearance: Clearance) -> Ledger:
        """The commitments of the documents that this clearance sees, and their counts."""
        ...


class Conversations(Protocol):
    """Past turns, kept by conversation id. A conversation belongs to one owner and is unknown to all others."""

    def turns(self, conversation_id: str, owner: str, *, replaces: str | None = None) -> Sequence[Turn]:
        """The turns that a follow-up needs, oldest first, at most
        :data:`assistant.domain.conversations.HISTORY_CHARACTERS` of them; empty for an unknown id.

        ``replaces`` is the id of the last answer where it is to be answered anew: it is left out. Raises
        :class:`assistant.errors.NotFound` for another's conversation, and where that answer is not its last.
        """
        ...

    def append(self, answer: Answer, owner: str, *, replaces: str | None = None) -> None:
        """Keep an answer as the conversation's next turn, or in place of its last; makes a new conversation.

        Raises as :meth:`turns` does.
        """
        ...


class ConversationArchive(Protocol):
    """What its owner does with kept conversations. Another's are as unknown as those that never were:
    :class:`assistant.errors.NotFound`.
    """

    def conversations(
        self, owner: str, *, words: str = "", limit: int = 50, offset: int = 0
    ) -> tuple[Sequence[Conversation], int]:
        """Those whose title holds ``words``, the latest first, and how many there are in all."""
        ...

    def conversation(self, conversation_id: str, owner: str) -> tuple[Conversation, Sequence[KeptTurn]]:
        """One whole, turns oldest first."""
        ...

    def rename(self, conversation_id: str, owner: str, title: str) -> Conversation: ...

    def delete(self, conversation_id: str, owner: str) -> None:
        """With all its turns; judgements keep their own copy."""
        ...

    def purge(self, before: str) -> int:
        """Delete everybody's that nothing was asked in since; how many they were."""
        ...


class Keys(Protocol):
    """API keys. Their secrets are shown once, when they are made, and cannot be read back."""

    def make(
        self, name: str, scopes: Iterable[Scope], clearance: Clearance, days: int | None = None
    ) -> tuple[ApiKey, str]:
        """A new key that holds for so many days, None for as long as it is not revoked; and what to present."""
        ...

    def all(self) -> Sequence[ApiKey]:
        """All keys that ever were, revoked ones too, the oldest first."""
        ...

    def revoke(self, key_id: str) -> ApiKey:
        """From the next request on it opens nothing. Raises :class:`assistant.errors.NotFound`."""
        ...

    def find(self, presented: str) -> ApiKey | None:
        """The active key that was presented; None for anything else. Notes that it was used."""
        ...

    def by_id(self, key_id: str) -> ApiKey | None:
        """The active key of this id."""
        ...


class Tokens(Protocol):
    """Short-lived tokens for widgets."""

    def issue(self, widget: WidgetPass) -> tuple[str, int]:
        """A token, and how many seconds it holds."""
        ...

    def read(self, token: str) -> WidgetPass | None:
        """What a token says; None where it is none of ours, was changed, or is over."""
        ...


class AuditLog(Protocol):
    """Who did what."""

    def note(self, deed: Deed) -> None:
        """Keep it, soon; the caller does not wait."""
        ...

    def flush(self) -> None:
        """Wait until all that was noted is kept."""
        ...

    def deeds(self, *, since: str = "", who: str = "", action: str = "", limit: int | None = None) -> Sequence[Deed]:
        """The latest first. ``since`` is ISO 8601; ``limit`` None for all."""
        ...

    def purge(self, before: str) -> int:
        """Forget what is older; how much it was."""
        ...


class Condition(Protocol):
    """What the service stands on."""

    def troubles(self) -> Sequence[Trouble]:
        """What is wrong now with disk, database file, index and clock; empty where all is well. Costs milliseconds."""
        ...

    def examine(self) -> None:
        """Read the whole database file for damage; what is found is among the troubles from then on."""
        ...


class Feedback(Protocol):
    """Readers' judgements, each kept with the question, the answer and its evidence as they were."""

    def judge(self, owner: str, answer_id: str, judgement: Judgement) -> None:
        """Keep it; another one of the same answer takes its place. Raises :class:`assistant.errors.NotFound` where
        none of the owner's conversations has the answer.
        """
        ...

    def judged(self, *, useful: bool | None = None, since: str = "") -> Sequence[JudgedAnswer]:
        """Everybody's judgements, oldest first. ``since`` is ISO 8601."""
        ...

    def open_questions(self, *, since: str = "") -> Sequence[OpenQuestion]:
        """Questions of all conversations that the documents did not answer, or not without sentences withheld."""
        ...


class WecomMemory(Protocol):
    """What the WeCom face must know after a restart, and on every replica."""

    def first_time(self, message_id: str) -> bool:
        """Note a message of the vendor's; False where it was noted before."""
        ...

    def conversation(self, session: str) -> str | None:
        """The conversation that a member goes on with."""
        ...

    def keep_conversation(self, session: str, conversation_id: str | None) -> None:
        """Set it; None: the next question begins a new one."""
        ...

    def keep_answer(self, feedback_id: str, answer_id: str) -> None:
        """Note which answer a judgement of that id will be about."""
        ...

    def answer_of(self, feedback_id: str) -> str | None: ...

    def keep_sources(self, session: str, citations: Sequence[Citation]) -> None:
        """Note on what the member's last answer stands; nothing: there is none to ask for."""
        ...

    def sources(self, session: str) -> Sequence[Citation]:
        """What was noted last. Whoever shows them sees to it that the member may still see them."""
        ...

    def purge(self, before: str) -> None:
        """Forget everybody's sources and conversations that nothing was asked in since."""
        ...


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt ready to send: ``messages`` are (role, content) pairs, ``hash`` identifies the files it came from.

    ``schema`` is a JSON schema that the reply must keep to, where the endpoint can hold its model to one; nobody may
    rely on it. ``most_tokens`` bounds the reply.
    """

    messages: tuple[tuple[str, str], ...]
    hash: str
    schema: Mapping[str, Any] | None = None
    most_tokens: int | None = None


class ChatModel(Protocol):
    """A chat model that writes. Errors are :class:`assistant.errors.ModelError`; closing the iterator cancels."""

    @property
    def name(self) -> str: ...

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """Pieces of the reply as they come, with any thinking (``<think>…</think>``) left out."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that a search found, as a place to cite; the higher the score (0 to 1) the nearer."""

    place: Citation
    score: float


@dataclass(frozen=True, slots=True)
class Unread:
    """A clause that no model has been shown, in its document."""

    edition: str
    title: str
    open: Open


class Candidates(Protocol):
    """What a model offers of clauses that the rules leave unread, kept by clause for as long as its words stay."""

    def unread(self, holdings: Iterable[Holding]) -> Sequence[Unread]:
        """The clauses of these documents that are worth showing and were not shown."""
        ...

    def keep(self, clause: Unread, offers: Sequence[Offer], model: str, prompt: str) -> Sifted:
        """Keep what ``model`` offered under the prompt of that hash, nothing too; gives what stands up to the clause.

        Raises :class:`assistant.errors.LibraryError`.
        """
        ...


class Searcher(Protocol):
    """Search alone, for programs that make their own answers."""

    def search(self, query: str, clearance: Clearance, k: int = 8) -> Sequence[Found]:
        """The ``k`` passages nearest to the words, the nearest first. Raises :class:`assistant.errors.BadRequest`."""
        ...


class Asker(Protocol):
    """What the faces speak to: the question path."""

    def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        """Answer ``reader`` as a stream of events that ends with ``done`` or ``error``.

        ``history`` (from a client that keeps its own, such as the OpenAI form) stands in for the stored turns, and
        then nothing is stored. ``replaces`` is the id of the conversation's last answer, whose place the new turn
        takes: the same question regenerates it, another one edits the question. Closing the iterator stops the work
        and keeps what was shown, marked ``stopped``. Raises :class:`assistant.errors.BadRequest` before the first
        event for an empty or over-long question, and its kind :class:`assistant.errors.NotFound` for a conversation
        that is not the reader's.
        """
        ...
