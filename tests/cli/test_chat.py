"""``assistant chat``: one conversation until told otherwise, and Ctrl-C ends an answer only."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Iterator, Sequence

import pytest
from click.testing import CliRunner

from assistant.domain.access import Identity
from assistant.domain.dialogue import Event, Searching, Sentence, Turn
from assistant.faces.cli import main
from tests.cli.fake_service import FakeAsker, FakeService, fails


def chat(service: FakeService, *lines: str) -> str:
    result = CliRunner().invoke(main, ["chat"], obj=service, input="\n".join(lines) + "\n")
    assert result.exit_code == 0, result.output
    return result.output


def test_follow_ups_stay_in_one_conversation_until_a_new_one_is_asked_for() -> None:
    service = FakeService()
    chat(service, "夜间公交由谁牵头？", "什么时候完成？", "/新会话", "谁配合？", "/退出", "不再问")
    assert service.asker.asked == [("夜间公交由谁牵头？", None), ("什么时候完成？", "c1"), ("谁配合？", None)]
    assert service.closed


def test_the_end_of_input_ends_the_program() -> None:
    service = FakeService()
    told = chat(service, "夜间公交由谁牵头？")
    assert "依据" in told
    assert "--conversation" not in told  # the talk goes on by itself


def test_a_failed_answer_does_not_end_the_conversation() -> None:
    service = FakeService(FakeAsker(fails))
    output = chat(service, "谁牵头？", "谁配合？", "/退出")
    assert output.count("索引不可用") == 2


def test_empty_lines_and_unknown_commands_ask_nothing() -> None:
    service = FakeService()
    output = chat(service, "", "   ", "/什么", "/退出")
    assert service.asker.asked == []
    assert "/新会话" in output


class Endless(FakeAsker):
    """Interrupts the program while it answers, as a person does with Ctrl-C."""

    stopped = 0

    async def ask(
        self,
        question: str,
        *,
        reader: Identity,
        conversation_id: str | None = None,
        history: Sequence[Turn] | None = None,
        replaces: str | None = None,
    ) -> AsyncIterator[Event]:
        import asyncio

        self.asked.append((question, conversation_id))
        try:
            yield Searching("正在检索…", "c1")
            yield Sentence("第一句。", ())
            signal.raise_signal(signal.SIGINT)
            await asyncio.sleep(60)
        finally:
            self.stopped += 1


@pytest.fixture
def listening() -> Iterator[None]:
    """Ctrl-C as a terminal gives it: a shell starts what runs in the background deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("listening")
def test_ctrl_c_stops_the_answer_and_not_the_program() -> None:
    asker = Endless()
    output = chat(FakeService(asker), "谁牵头？", "谁配合？", "/退出")
    assert [question for question, _ in asker.asked] == ["谁牵头？", "谁配合？"]
    assert asker.stopped == 2
    assert output.count("已停止") == 2
