"""``assistant ask``: text for people, JSON for programs, exit codes for scripts."""

from __future__ import annotations

import json
from dataclasses import replace

from click.testing import CliRunner

from assistant.domain.dialogue import Done, Event, Sentence, Verdict
from assistant.faces.cli import main
from tests.cli.fake_service import ANSWER, QUOTE, FakeAsker, FakeService, fails


def test_the_answer_comes_first_and_then_its_numbered_sources() -> None:
    service = FakeService()
    result = CliRunner().invoke(main, ["ask", "夜间公交由谁牵头？"], obj=service)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "拟由市交通局牵头延长三条线路。[1]"
    assert "[1] 《关于夜间公交的答复》 · 吉市交议〔2024〕3号 · 一 · 第1页" in lines
    assert f"    “{QUOTE}”" in [line.rstrip() for line in lines]
    assert "共 1 项，全部列出" in lines
    assert "〔拟〕" in result.stdout
    assert service.closed


def test_a_pipe_gets_no_colours_and_no_progress() -> None:
    result = CliRunner().invoke(main, ["ask", "夜间公交由谁牵头？"], obj=FakeService())
    assert "\x1b" not in result.output
    assert "正在检索" not in result.stdout


def test_json_is_the_contract() -> None:
    result = CliRunner().invoke(
        main, ["ask", "夜间公交由谁牵头？", "--json", "--conversation", "c9"], obj=FakeService()
    )
    assert result.exit_code == 0
    answer = json.loads(result.stdout_bytes.decode("utf-8"))
    assert answer["conversation_id"] == "c9"
    assert answer["citations"][0]["quote"] == QUOTE
    assert answer["citations"][0]["url"] == ANSWER.citations[0].url
    assert answer["verdict"] == "answered"


def test_any_verdict_is_an_answer_and_says_so_in_words() -> None:
    unstated = replace(ANSWER, answer="文件未载明完成时限。", verdict=Verdict.NOT_STATED, notices=("模型服务没有响应",))

    def script(question: str, conversation_id: str) -> tuple[Event, ...]:
        return (Sentence(unstated.answer, ()), Done(unstated))

    result = CliRunner().invoke(main, ["ask", "何时完成？"], obj=FakeService(FakeAsker(script)))
    assert result.exit_code == 0
    assert "〔文件未载明〕" in result.stdout
    assert "注意：模型服务没有响应" in result.stdout


def test_an_answer_without_sentences_is_printed_whole() -> None:
    result = CliRunner().invoke(
        main, ["ask", "谁？"], obj=FakeService(FakeAsker(lambda question, conversation: (Done(ANSWER),)))
    )
    assert result.stdout.startswith(ANSWER.answer)


def test_text_that_looks_like_markup_is_printed_as_it_is() -> None:
    odd = replace(ANSWER, answer="见附件[red]一[/red]。[1]", citations=(), commitments=())
    script = FakeAsker(lambda question, conversation: (Sentence(odd.answer, ()), Done(odd)))
    result = CliRunner().invoke(main, ["ask", "附件？"], obj=FakeService(script))
    assert result.stdout.splitlines()[0] == "见附件[red]一[/red]。[1]"


def test_a_failed_service_is_exit_code_1_with_advice_on_standard_error() -> None:
    service = FakeService(FakeAsker(fails))
    for arguments in (["ask", "谁？"], ["ask", "谁？", "--json"]):
        result = CliRunner().invoke(main, arguments, obj=service)
        assert result.exit_code == 1
        assert "请运行 ingest run" in result.stderr
        assert not result.stdout.strip()


def test_an_empty_question_is_a_wrong_use() -> None:
    result = CliRunner().invoke(main, ["ask", " "], obj=FakeService())
    assert result.exit_code == 2
    assert "请写明要问的事" in result.stderr


def test_a_missing_question_is_a_wrong_use() -> None:
    assert CliRunner().invoke(main, ["ask"], obj=FakeService()).exit_code == 2
