"""The corpus as a LangChain retriever, for chains of other people's making::

    from assistant.bootstrap import open_service
    from assistant.faces.langchain import PolicyRetriever

    service = open_service()
    retriever = PolicyRetriever(searcher=service.searcher)
    retriever.invoke("碳纤维联合体由谁牵头？")

Each document is one passage in the words of its source; its metadata say where it stands.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from assistant.domain.access import LOCAL, Clearance


class PolicyRetriever(BaseRetriever):
    """``searcher`` is an :class:`assistant.ports.Searcher`; ``clearance`` whose eyes are looked with."""

    searcher: Any
    k: int = Field(8, ge=1, le=100)
    clearance: Clearance = LOCAL.clearance

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        found = self.searcher.search(query, self.clearance, self.k)
        return [
            Document(
                page_content=f.place.quote,
                id=f"{f.place.document_id}#{f.place.start}-{f.place.end}",
                metadata={
                    "document_id": f.place.document_id,
                    "title": f.place.title,
                    "number": f.place.number,
                    "date": f.place.date,
                    "path": f.place.path,
                    "page": f.place.page,
                    "start": f.place.start,
                    "end": f.place.end,
                    "source": f.place.url,
                    "score": f.score,
                },
            )
            for f in found
        ]
