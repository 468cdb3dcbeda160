"""``/v1/embeddings``: the vectors that the index is made of, for other programs' own searches."""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Body
from pydantic import AfterValidator, BaseModel, Field, StrictInt, StrictStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from assistant.errors import BadRequest
from assistant.faces.web.described import OPENAI_ERRORS
from assistant.faces.web.doors import Questioning
from assistant.faces.web.errors import Fault, encodable, error_response
from assistant.faces.web.openai_messages import units
from assistant.ports import Embedder

MODEL = "policy-embeddings"
"""The name that stands for whatever model this service embeds with; that model's own name is taken too."""

_MOST = 256  # texts of one request
Text = Annotated[StrictStr, Field(min_length=1, max_length=32_768), AfterValidator(encodable)]


class EmbeddingsBody(BaseModel):
    """The fields of an embeddings request that mean something here; all others are accepted and ignored."""

    model: StrictStr
    input: Text | Annotated[list[Text], Field(min_length=1, max_length=_MOST)]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: StrictInt | None = None
    input_type: Literal["query", "document"] | None = Field(
        None, description="query for a question that is to be searched with; the model may tell the two apart."
    )


def router(embedder: Embedder) -> APIRouter:
    """The route of embeddings."""
    routes = APIRouter(prefix="/v1", responses=OPENAI_ERRORS)

    @routes.post("/embeddings", summary="Turn texts into vectors")
    def embed(caller: Questioning, request: Request, body: Annotated[EmbeddingsBody, Body()]) -> Response:
        if body.model not in (MODEL, embedder.model):
            fault = Fault(404, "model_not_found", "没有这个模型", f"可用的模型：{MODEL}", "model")
            return error_response(request, fault)
        texts = [body.input] if isinstance(body.input, str) else body.input
        if body.input_type == "query":
            vectors: Sequence[Sequence[float]] = [embedder.embed_query(text) for text in texts]
        else:
            vectors = embedder.embed_documents(texts)
        if body.dimensions not in (None, len(vectors[0])):
            advice = f"本模型为 {len(vectors[0])} 维，请去掉该字段。"
            raise BadRequest("维数不能更改。", advice, "invalid_field", "dimensions")
        write = _packed if body.encoding_format == "base64" else list
        data = [{"object": "embedding", "index": n, "embedding": write(vector)} for n, vector in enumerate(vectors)]
        used = sum(map(units, texts))
        usage = {"prompt_tokens": used, "total_tokens": used}
        return JSONResponse({"object": "list", "data": data, "model": body.model, "usage": usage})

    return routes


def _packed(vector: Sequence[float]) -> str:
    """Little-endian float32 in base64: what the official client asks for unless told otherwise."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
