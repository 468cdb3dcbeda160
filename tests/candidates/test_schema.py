"""The form of a reply is asked of the endpoint, and done without where it refuses."""

from __future__ import annotations

from assistant.adapters.models import OpenAIChatModel
from assistant.ports import Prompt
from tests.fakes.openai_server import Server, serving

ASKED = Prompt((("human", "找"),), "abc", schema={"type": "object"}, most_tokens=50)


async def test_a_schema_is_sent_and_left_out_for_good_where_it_is_refused() -> None:
    async with serving(Server(text="{}", status=[400, 200, 200])) as server:
        model = OpenAIChatModel(server.url, "peer")
        for _ in range(2):
            assert "".join([piece async for piece in model.stream(ASKED)]) == "{}"
    assert ["response_format" in request for request in server.requests] == [True, False, False]
    assert server.requests[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert [request["max_tokens"] for request in server.requests] == [50, 50, 50]
