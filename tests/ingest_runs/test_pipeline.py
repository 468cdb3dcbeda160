"""Runs of ingest: what is done, what is not done twice, and what is left of a document that is gone."""

from __future__ import annotations

import os
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.holdings import LinkKind
from assistant.domain.policy import Problem
from assistant.errors import Busy, EmbeddingError
from ingest.embed import BATCH
from ingest.formats.model import Limits
from ingest.parsed import Parsed, SourceFile, in_turn
from ingest.wiring import ingest_on, stages_for, status
from ingest.wiring import verify as verify_current
from tests.fakes import stages as fake_stages
from tests.fakes.embedder import HashingEmbedder
from tests.fakes.stages import Silent, text_stages

pytestmark = pytest.mark.usefixtures("quick")

BASES = ("实习基地分工", "市教育局牵头建立实习基地。", "市财政局安排专项资金。")
CHARTER = ("联合体章程", "理事会每年召开会议。", "秘书处设在市教育局。")


def test_files_go_in_and_are_served(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.write("sub/b.txt", *CHARTER)
    outcome = desk.run()
    assert (outcome.files, outcome.read, outcome.new, outcome.unchanged, outcome.removed) == (2, 2, 2, 0, 0)
    assert (outcome.documents, outcome.clauses, outcome.embedded) == (2, 6, 6)
    assert (outcome.generation, outcome.published, outcome.lost) == ("gen-1", True, 0)
    with desk.index() as index:
        assert [(i.title, i.source) for i in index.documents()] == [
            ("实习基地分工", "a.txt"),
            ("联合体章程", "sub/b.txt"),
        ]
    assert verify_current(desk.data_dir).faults == ()


def test_a_second_run_does_nothing(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.run()
    before = {p: p.stat().st_mtime_ns for p in (desk.data_dir / "index").rglob("*")}
    desk.embedder = HashingEmbedder()
    outcome = desk.run()
    assert (outcome.read, outcome.new, outcome.unchanged, outcome.embedded, outcome.published) == (0, 0, 1, 0, False)
    assert desk.embedder.calls == []
    assert {p: p.stat().st_mtime_ns for p in (desk.data_dir / "index").rglob("*")} == before


def test_a_file_that_was_only_touched_is_not_parsed_again(desk) -> None:
    path = desk.write("a.txt", *BASES)
    desk.run()
    os.utime(path, ns=(1, 1))
    assert (desk.run().read, desk.run().published) == (0, False)


def test_a_change_embeds_only_what_is_new(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.write("b.txt", *CHARTER)
    desk.run()
    desk.embedder = HashingEmbedder()
    desk.write("a.txt", *BASES, "市科技局推荐企业。")
    outcome = desk.run()
    assert (outcome.read, outcome.new, outcome.removed, outcome.published) == (1, 1, 1, True)
    assert desk.embedder.calls == ["实习基地分工：市科技局推荐企业。"]


def test_a_file_that_disappeared_goes_and_files_elsewhere_stay(desk, tmp_path: Path) -> None:
    desk.write("a.txt", *BASES)
    gone = desk.write("b.txt", *CHARTER)
    other = tmp_path / "other"
    other.mkdir()
    (other / "c.txt").write_text("防汛通知\n市水务局负责巡查。")
    desk.run(desk.corpus, other)
    gone.unlink()
    outcome = desk.run()
    assert outcome.removed == 1
    assert desk.titles() == {"实习基地分工", "防汛通知"}


def test_two_files_of_equal_text_are_one_document_until_both_are_gone(desk) -> None:
    first, second = desk.write("a.txt", *BASES), desk.write("b.txt", *BASES)
    assert desk.run().documents == 1
    first.unlink()
    assert (desk.run().documents, desk.titles()) == (1, {"实习基地分工"})
    second.unlink()
    assert (desk.run(prune=True).documents, desk.titles()) == (0, set())


def test_a_file_that_was_renamed_is_served_under_its_new_name_without_embedding(desk) -> None:
    desk.write("旧名.txt", *BASES).rename(desk.corpus / "新名.txt")
    desk.write("旧名.txt", *BASES)
    (desk.corpus / "新名.txt").unlink()
    desk.run()
    (desk.corpus / "旧名.txt").rename(desk.corpus / "新名.txt")
    desk.embedder = HashingEmbedder()
    assert desk.run().published
    with desk.index() as index:
        assert [i.source for i in index.documents()] == ["新名.txt"]
    assert desk.embedder.calls == []


def test_the_name_does_not_change_with_the_folder_that_is_given(desk) -> None:
    path = desk.write("sub/a.txt", *BASES)
    desk.run()
    assert not desk.run(desk.corpus / "sub").published
    assert not desk.run(path).published
    with desk.index() as index:
        assert [i.source for i in index.documents()] == ["sub/a.txt"]


def test_a_bad_file_is_a_problem_and_stops_nothing(desk) -> None:
    desk.write("a.txt", *BASES)
    (desk.corpus / "bad.txt").write_bytes(b"\xff\xfe\xff")
    outcome = desk.run()
    assert outcome.problems == (Problem("bad.txt", "", "编码无法识别", True),)
    assert (outcome.lost, outcome.documents, outcome.published) == (1, 1, True)
    again = desk.run()  # not parsed again, but still lost
    assert (again.read, again.lost) == (0, 1)


def test_a_remark_is_listed_but_nothing_is_lost(desk) -> None:
    desk.write("a.txt", "函", "市教育局负责。")
    outcome = desk.run()
    assert [(p.reason, p.lost) for p in outcome.problems] == [("标题过短", False)]
    assert outcome.lost == 0


def test_a_file_that_turned_bad_takes_its_document_with_it(desk) -> None:
    path = desk.write("a.txt", *BASES)
    desk.run()
    path.write_bytes(b"\xff\xfe\xff")
    assert (desk.run().removed, desk.titles()) == (1, set())


def test_a_file_that_cannot_be_read_keeps_its_document_and_is_tried_again(desk, monkeypatch) -> None:
    path = desk.write("a.txt", *BASES)
    desk.run()
    desk.write("a.txt", *BASES, "市科技局推荐企业。")

    def refused(file: SourceFile) -> Problem:
        return Problem(file.name, "", "无法读取：没有权限", True)

    desk.stages = replace(text_stages(), read=refused)
    outcome = desk.run()
    assert (outcome.lost, outcome.documents, outcome.published) == (1, 1, False)
    assert desk.titles() == {"实习基地分工"}
    desk.stages = text_stages()
    os.utime(path)
    outcome = desk.run()
    assert (outcome.lost, outcome.read, outcome.clauses) == (0, 1, 4)


def test_files_under_a_folder_that_cannot_be_listed_stay(desk) -> None:
    desk.write("open/a.txt", *BASES)
    desk.write("closed/b.txt", *CHARTER)
    desk.run()

    def partly(paths):
        found, _ = fake_stages.discover([desk.corpus / "open"])
        return found, [Problem(str(desk.corpus / "closed"), "", "无法列出目录", True)]

    desk.stages = replace(text_stages(), discover=partly)
    outcome = desk.run()
    assert (outcome.removed, outcome.lost) == (0, 1)
    assert desk.titles() == {"实习基地分工", "联合体章程"}


def test_a_later_parser_reads_every_file_again(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.run()
    desk.stages = text_stages("2")
    outcome = desk.run()
    assert (outcome.read, outcome.published) == (1, False)  # it parsed to the same: nothing to publish


def test_another_model_gives_a_new_generation(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.run()
    desk.embedder = HashingEmbedder("hashing-32", 32)
    outcome = desk.run()
    assert (outcome.read, outcome.embedded, outcome.generation, outcome.model) == (0, 3, "gen-2", "hashing-32")
    desk.embedder = None
    outcome = desk.run()
    assert (outcome.generation, outcome.model, outcome.embedded) == ("gen-3", None, 0)


def test_what_is_removed_leaves_no_trace(desk) -> None:
    desk.write("a.txt", *BASES)
    secret = desk.write("b.txt", "人员名单", "张慕白任秘书长。")
    changed = desk.write("c.txt", "值班安排", "李望舒值守。")
    desk.run()
    changed.write_text("值班安排\n王若水值守。")
    desk.run()
    with desk.library() as library:
        assert library.counts()["documents"] == 4  # with the earlier version, which is kept
    outcome = desk.remove(secret, changed)
    assert (outcome.files, outcome.removed) == (2, 2)
    assert desk.titles() == {"实习基地分工"}
    secret.unlink()
    desk.run()
    assert desk.titles() == {"实习基地分工", "值班安排"}
    with desk.library() as library:
        counts = library.counts()
        assert (counts["documents"], counts["chunks"], counts["embeddings"]) == (2, 5, 5)
    with desk.index() as index:
        assert index.lexical("张慕白", 5) == []
    everything = b"".join(p.read_bytes() for p in desk.data_dir.rglob("*") if p.is_file())
    for name in ("王若水", "市财政局"):
        assert name.encode() in everything
    for name in ("张慕白", "李望舒"):
        assert name.encode() not in everything


def test_removing_what_is_not_there_changes_nothing(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.run()
    outcome = desk.remove(desk.corpus / "nothing.txt")
    assert (outcome.files, outcome.published) == (0, False)


def test_rebuild_makes_a_generation_from_the_library_alone(desk) -> None:
    path = desk.write("a.txt", *BASES)
    desk.run()
    path.unlink()
    outcome = desk.rebuild()
    assert (outcome.generation, outcome.documents, outcome.embedded) == ("gen-2", 1, 0)


def test_an_embedder_that_fails_keeps_what_was_done(desk) -> None:
    desk.write("a.txt", "长长的目录", *(f"第{n}条 由第{n}处负责办理。" for n in range(2 * BATCH - 1)))

    class Failing(HashingEmbedder):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if self.calls:
                raise EmbeddingError("向量服务没有回应。", "请稍后重试。")
            return super().embed_documents(texts)

    desk.embedder = Failing()
    with pytest.raises(EmbeddingError):
        desk.run()
    desk.embedder = HashingEmbedder()
    outcome = desk.run()
    assert (outcome.embedded, outcome.published) == (BATCH, True)


@pytest.mark.parametrize("vector", [[], [0.0] * 64, [float("nan")] * 64])
def test_vectors_that_are_none_are_refused(desk, vector: list[float]) -> None:
    desk.write("a.txt", *BASES)

    class Broken(HashingEmbedder):
        def embed_query(self, text: str) -> list[float]:
            return vector

    desk.embedder = Broken()
    with pytest.raises(EmbeddingError, match="无效"):
        desk.run()


def test_a_second_ingest_is_told_to_wait(desk) -> None:
    with (
        ingest_on(desk.data_dir, None, text_stages(), Silent()),
        pytest.raises(Busy),
        ingest_on(desk.data_dir, None, text_stages(), Silent()),
    ):
        pass


def test_verify_finds_what_was_tampered_with(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.run()
    from sqlalchemy import text

    from assistant.adapters.database.engine import open_library, writing

    engine = open_library(desk.data_dir)
    with writing(engine) as connection:
        connection.execute(text("UPDATE chunks SET text = '市水务局牵头建立实习基地。' WHERE ordinal = 1"))
    engine.dispose()
    found = verify_current(desk.data_dir)
    assert any("位置与原文不符" in fault for fault in found.faults)
    assert any("校验值" in fault for fault in found.faults)


def archive(path: Path, **files: str) -> None:
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)


@pytest.fixture
def real(desk):
    """With the real parsers, in a process of their own."""
    desk.stages = stages_for(Limits(), 1)
    return desk


def test_an_archive_gives_a_document_for_each_of_its_members(real) -> None:
    path = real.corpus / "all.zip"
    archive(path, **{"a.txt": "\n".join(BASES), "b.txt": "\n".join(CHARTER), "c.exe": "x", "../d.txt": "x"})
    outcome = real.run()
    assert (outcome.files, outcome.read, outcome.new, outcome.lost) == (1, 1, 2, 2)
    assert sorted(p.source for p in outcome.problems) == ["all.zip/../d.txt", "all.zip/c.exe"]
    with real.index() as index:
        assert {i.source for i in index.documents()} == {"all.zip/a.txt", "all.zip/b.txt"}
    again = real.run()
    assert (again.read, again.unchanged, again.lost, again.published) == (0, 2, 2, False)


def test_members_of_an_archive_change_and_go_one_by_one(real) -> None:
    path = real.corpus / "all.zip"
    archive(path, **{"a.txt": "\n".join(BASES), "b.txt": "\n".join(CHARTER)})
    real.run()
    archive(path, **{"a.txt": "\n".join((*BASES, "市科技局推荐企业。")), "b.txt": "\n".join(CHARTER)})
    outcome = real.run()
    assert (outcome.new, outcome.unchanged, outcome.removed) == (1, 1, 1)
    archive(path, **{"b.txt": "\n".join(CHARTER)})
    outcome = real.run()
    assert (outcome.removed, real.titles()) == (1, {"联合体章程"})
    path.unlink()
    assert (real.run(prune=True).removed, real.titles()) == (1, set())
    with real.library() as library:
        assert library.sources() == {}


def test_removing_an_archive_leaves_no_trace_of_its_members(real) -> None:
    path = real.corpus / "all.zip"
    archive(path, **{"a.txt": "\n".join(BASES), "b.txt": "人员名单\n张慕白任秘书长。"})
    real.write("c.txt", *CHARTER)
    real.run()
    outcome = real.remove(path)
    assert (outcome.files, outcome.removed) == (1, 2)
    everything = b"".join(p.read_bytes() for p in real.data_dir.rglob("*") if p.is_file())
    assert "张慕白".encode() not in everything


def test_the_earlier_version_of_a_file_can_be_read_but_is_not_searched(desk) -> None:
    path = desk.write("a.txt", "值班安排", "李望舒周一值守。")
    desk.run()
    with desk.index() as index:
        (old,) = index.documents()
    desk.write("a.txt", "值班安排", "王若水周一值守。")
    outcome = desk.run()
    assert (outcome.new, outcome.removed, outcome.documents, outcome.superseded) == (1, 1, 1, 1)
    with desk.index() as index:
        (new,) = index.documents()
        assert index.lexical("李望舒值守", 5, [old.id]) == []
        assert {hit.document_id for hit in index.dense(HashingEmbedder().embed_query("李望舒周一值守"), 5)} == {new.id}
        document = index.document(old.id)
        assert document is not None
        assert "李望舒" in document.text
        assert [(link.kind, link.subject, link.object) for link in index.links(old.id)] == [
            (LinkKind.SUPERSEDES, new.id, old.id)
        ]
        assert index.links(new.id) == index.links(old.id)
    assert not desk.run().published
    assert verify_current(desk.data_dir).faults == ()
    path.write_text("值班安排\n李望舒周一值守。")  # back to what it was
    outcome = desk.run()
    assert (outcome.documents, outcome.superseded) == (1, 1)
    with desk.index() as index:
        assert [info.id for info in index.documents()] == [old.id]
        assert index.document(new.id) is not None


def test_three_versions_form_a_chain_and_go_with_their_file(desk) -> None:
    for number in "一二三":
        path = desk.write("a.txt", "值班安排", f"第{number}组周一值守。")
        outcome = desk.run()
    assert (outcome.documents, outcome.superseded) == (1, 2)
    with desk.library() as library:
        assert [link.kind for link in library.links()] == [LinkKind.SUPERSEDES] * 2
        assert len({link.object for link in library.links()}) == 2
    path.unlink()
    assert (desk.run(prune=True).documents, desk.run().superseded) == (0, 0)
    with desk.library() as library:
        assert library.links() == []


def test_the_same_bytes_read_by_a_later_parser_are_no_new_version(desk) -> None:
    desk.write("a.txt", *BASES)
    desk.run()

    def upper(name: str, data: bytes) -> list[Parsed]:
        return fake_stages.parse(name, data + "\n附言。".encode())

    desk.stages = replace(text_stages("2"), parse=in_turn(upper))
    outcome = desk.run()
    assert (outcome.new, outcome.removed, outcome.superseded) == (1, 1, 0)


def notice(number: str, line: str, *more: str) -> tuple[str, ...]:
    return ("关于做好值班工作的通知", "", number, "", "各处室：", line, *more, "", "江城市教育局", "2023年3月5日")


def test_a_later_file_with_the_number_of_another_supersedes_it(real) -> None:
    real.write("旧.txt", *notice("江教发〔2023〕7号", "一、第一组周一值守。"))
    real.run()
    real.write("新.txt", *notice("江教发〔2023〕7号", "一、第二组周一值守。"))
    outcome = real.run()
    assert (outcome.documents, outcome.superseded) == (1, 1)
    with real.index() as index:
        assert [info.source for info in index.documents()] == ["新.txt"]
    (real.corpus / "新.txt").unlink()
    outcome = real.run()
    assert (outcome.documents, outcome.superseded) == (1, 0)
    with real.index() as index:
        assert [info.source for info in index.documents()] == ["旧.txt"]


def test_two_documents_that_share_a_number_by_mistake_are_both_kept(real) -> None:
    real.write("甲.txt", *notice("江教发〔2023〕7号", "一、第一组周一值守。"))
    real.run()
    real.write(
        "乙.txt", "关于印发河道管理办法的通知", "", "江教发〔2023〕7号", "", "一、水务处巡查河道。", "二、按月通报。"
    )
    outcome = real.run()
    assert (outcome.documents, outcome.superseded) == (2, 0)
    (link,) = status(real.data_dir)["links"]
    assert (link["kind"], link["note"]) == ("conflicts", "文号同为江教发〔2023〕7号，标题不同")


def test_status_names_what_ends_what_and_who_has_no_answer(real) -> None:
    real.write("旧.txt", *notice("江教发〔2021〕3号", "一、第一组周一值守。"))
    ending = "自本通知印发之日起，《关于做好值班工作的通知》（江教发〔2021〕3号）停止执行。"
    real.write("新.txt", "关于改进值班工作的通知", "", "江教发〔2023〕7号", "", "一、第二组周一值守。", ending)
    reply = ("对市政协十四届二次会议第88号提案的答复", "", "张三委员：", "您提出的关于校车的提案收悉，现答复如下：")
    real.write("答复.txt", *reply, "一、增加校车。", "", "江城市教育局", "2023年3月5日")
    real.run()
    found = status(real.data_dir)
    assert [(k["kind"], k["subject"]["number"], k["object"]["number"]) for k in found["links"]] == [
        ("suspends", "江教发〔2023〕7号", "江教发〔2021〕3号")
    ]
    assert [d["source"] for d in found["replies_without_proposal"]] == ["答复.txt"]
    assert found["proposals_without_reply"] == []
    assert found["documents"] == 3  # what is no longer carried out is still answered from


def test_what_is_said_of_a_document_beside_it_does_not_cost_it(desk) -> None:
    def with_remark(name: str, data: bytes) -> list[Parsed]:
        (parsed,) = fake_stages.parse(f"{name}/正文", data)
        remark = Problem(f"{name}/正文", "附件", "附件无法打开", True)
        return [
            Parsed(f"{name}/正文", None, (), (remark,)),
            parsed,
            Parsed(name, None, (), (Problem(name, "", "提示", False),)),
        ]

    desk.write("a.txt", *BASES)
    desk.stages = replace(text_stages(), parse=in_turn(with_remark))
    outcome = desk.run()
    assert (outcome.documents, outcome.lost) == (1, 1)
    assert {(p.source, p.reason) for p in outcome.problems} == {("a.txt/正文", "附件无法打开"), ("a.txt", "提示")}


def test_a_folder_that_is_empty_all_of_a_sudden_keeps_its_documents_until_told(desk) -> None:
    """So looks the place of a shared drive that is not mounted."""
    inside, beside = desk.write("共享盘/a.txt", *BASES), desk.write("b.txt", "值班安排", "由办公室负责。")
    assert desk.run().documents == 2
    inside.unlink()
    outcome = desk.run()
    assert (outcome.documents, outcome.removed, outcome.lost) == (2, 0, 0)
    [problem] = [p for p in outcome.problems if "文件夹是空的" in p.reason]
    assert problem.source == str(inside.parent)
    assert "1 份" in problem.reason
    assert "--prune" in problem.reason
    assert desk.titles() == {"实习基地分工", "值班安排"}
    assert desk.run(prune=True).documents == 1
    # A folder that is gone with its files was removed by somebody, and so was a file beside others.
    inside.parent.rmdir()
    desk.write("c.txt", *BASES)
    desk.run()
    beside.unlink()
    assert desk.run().documents == 1
