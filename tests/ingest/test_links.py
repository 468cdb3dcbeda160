"""What documents say of one another, and which are versions of one another."""

from __future__ import annotations

import time

import pytest

from assistant.domain.holdings import Link, LinkKind
from ingest.relations.duplicates import near_duplicates, signature
from ingest.relations.links import Named, ended, endings, replies, unanswered
from ingest.relations.versions import Known, by_number, same_title


def said(text: str) -> list[tuple[LinkKind, str | None, str | None]]:
    return [(e.kind, e.title, e.number) for e in endings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "自本通知印发之日起，《江城市校车管理办法》（江政发〔2012〕3号）停止执行。",
            [(LinkKind.SUSPENDS, "江城市校车管理办法", "江政发〔2012〕3号")],
        ),
        (
            "本办法自2024年5月1日起施行，《江城市校车管理办法》和《江城市幼儿园收费办法》同时废止。",
            [(LinkKind.REPEALS, "江城市校车管理办法", None), (LinkKind.REPEALS, "江城市幼儿园收费办法", None)],
        ),
        (
            "原江教发〔2015〕8号、江教发〔2016〕11号文件同时废止。",
            [(LinkKind.REPEALS, None, "江教发〔2015〕8号"), (LinkKind.REPEALS, None, "江教发〔2016〕11号")],
        ),
        (
            "《关于印发〈江城市河道管理办法〉的通知》（江政办〔2010〕5 号）自本通知发布之日起予以废止。",
            [(LinkKind.REPEALS, "关于印发〈江城市河道管理办法〉的通知", "江政办〔2010〕5号")],
        ),
        ("经研究，决定废止《江城市摊点管理规定》。", [(LinkKind.REPEALS, "江城市摊点管理规定", None)]),
        ("本标准代替《江城市公厕建设标准》。", [(LinkKind.REPLACES, "江城市公厕建设标准", None)]),
        ("《江城市校车管理办法》等3件文件自行失效。", [(LinkKind.REPEALS, "江城市校车管理办法", None)]),
    ],
)
def test_statements_that_end_a_document_are_read(text: str, expected: list[tuple[LinkKind, str, str]]) -> None:
    assert said(text) == expected
    for ending in endings(text):
        assert (ending.title or "号") in ending.span.of(text)


@pytest.mark.parametrize(
    "text",
    [
        "对不适当的许可事项，应当及时修改或者废止。",
        "行政复议期间行政行为不停止执行。",
        "《江城市校车管理办法》第三条同时废止。",
        "《江城市校车管理办法》已于2019年废止。",
        "《江城市校车管理办法》不予废止。",
        "《江城市校车管理办法》废止前作出的决定继续有效。",
        "根据《江城市立法条例》，本办法自公布之日起施行。",
        "不得以罚款代替《责令改正通知书》。",
        "本办法有效期五年，到期自动失效。",
    ],
)
def test_what_only_speaks_of_such_a_thing_is_left(text: str) -> None:
    assert said(text) == []


def test_reading_statements_takes_linear_time() -> None:
    for hostile in ("《" * 20000, "《江" * 20000, "《甲乙丙》" * 10000, "江教发〔2015〕8号、" * 10000, "（" * 20000):
        began = time.process_time()
        endings(hostile)
        assert time.process_time() - began < 5, hostile[:10]


def named(id_: str, title: str, **more: str) -> Named:
    return Named(id_, title, more.get("number"), more.get("kind", "通知"), more.get("proposal"), more.get("session"))


def test_statements_lead_to_documents_by_number_and_else_by_title() -> None:
    documents = [
        named("new", "江城市校车管理办法"),
        named("old", "江城市人民政府关于校车的规定", number="江政发〔2012〕3号"),
        named("law", "中华人民共和国城市规划法"),
    ]
    texts = {"new": "《关于校车的规定》（江政发〔2012〕3号）、《城市规划法》同时废止。《没有收入的办法》同时废止。"}
    assert ended([("new", e) for e in endings(texts["new"])], documents) == [
        Link(LinkKind.REPEALS, "new", "law", "《城市规划法》"),
        Link(LinkKind.REPEALS, "new", "old", "《关于校车的规定》"),
    ]


def test_a_document_never_ends_itself() -> None:
    documents = [named("a", "江城市校车管理办法")]
    assert ended([("a", e) for e in endings("《江城市校车管理办法》停止执行。")], documents) == []


def test_a_reply_goes_to_the_proposal_of_its_number_and_session() -> None:
    documents = [
        named("p1", "关于校车的提案", kind="提案", proposal="524", session="十四届二次"),
        named("p2", "关于河道的提案", kind="提案", proposal="524", session="十四届三次"),
        named("p3", "关于公厕的提案", kind="提案", proposal="9"),
        named("p4", "关于路灯的提案", kind="提案", proposal="10", session="十四届三次"),
        named("r1", "对第524号提案的答复", kind="答复", proposal="524", session="十四届三次"),
        named("r2", "对第9号提案的答复", kind="答复", proposal="9", session="十四届二次"),
        named("r3", "对第77号提案的答复", kind="答复", proposal="77", session="十四届二次"),
        named("r4", "关于河道的提案的答复", kind="答复", proposal="524"),
    ]
    links = replies(documents)
    assert [(link.subject, link.object) for link in links] == [("r1", "p2"), ("r2", "p3"), ("r4", "p2")]
    assert links[0].note == "十四届三次第524号提案"
    left = unanswered(documents, links)
    assert [d.id for d in left["proposals_without_reply"]] == ["p1", "p4"]
    assert [d.id for d in left["replies_without_proposal"]] == ["r3"]


def known(id_: str, title: str = "关于校车的通知", **more: object) -> Known:
    values = {"number": "江教发〔2023〕7号", "issued_on": None, "arrival": 1, "length": 1000} | more
    return Known(id_, title, **values)  # type: ignore[arg-type]


def kinds(*documents: Known) -> list[tuple[str, str, str]]:
    return [(link.kind.value, link.subject, link.object) for link in by_number(documents)]


def test_the_later_of_two_with_one_number_and_title_supersedes_the_other() -> None:
    assert kinds(known("a"), known("b", arrival=2)) == [("supersedes", "b", "a")]
    first, second = known("a", issued_on="2023-05-01", arrival=3), known("b", issued_on="2023-03-01", arrival=4)
    assert kinds(first, second) == [("supersedes", "a", "b")]  # what it says of itself goes before when it came
    assert kinds(known("a"), known("b", number="江教发〔2023〕8号", arrival=2)) == []
    assert kinds(known("a", number=None), known("b", number=None, arrival=2)) == []


def test_versions_form_a_chain() -> None:
    chain = kinds(known("c", arrival=3), known("a"), known("b", arrival=2))
    assert chain == [("supersedes", "b", "a"), ("supersedes", "c", "b")]


def test_nothing_is_replaced_on_a_guess() -> None:
    assert kinds(known("a"), known("b", "关于印发河道管理办法的通知", arrival=2)) == [("conflicts", "a", "b")]
    assert kinds(known("a", "第一批名单"), known("b", "第二批名单", arrival=2)) == [("conflicts", "a", "b")]
    assert kinds(known("a"), known("b")) == [("conflicts", "a", "b")]
    (link,) = by_number([known("a"), known("b", arrival=2, length=300)])
    assert (link.kind, link.note) == (LinkKind.CONFLICTS, "文号同为江教发〔2023〕7号，篇幅相差过大")


def test_one_without_a_date_never_makes_a_ring() -> None:
    documents = [
        known("a", issued_on="2023-09-01", arrival=1),
        known("b", issued_on="2023-03-01", arrival=3),
        known("c", arrival=2),
    ]
    assert kinds(*documents) == [("supersedes", "b", "c"), ("supersedes", "c", "a")]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("江城市教育局关于校车的通知", "关于校车的通知", True),
        ("关于校车 的通知", "《关于校车的通知》", True),
        ("关于对校车进行管理的通知", "关于校车的通知", False),
        ("关于进一步加强校车安全管理工作的通知", "关于进一步加强校车的安全管理工作的通知", True),
        ("2023年工作要点", "2024年工作要点", False),
        ("名单（上册）", "名单（下册）", False),
    ],
)
def test_titles_are_compared_by_what_they_say(one: str, other: str, same: bool) -> None:
    assert same_title(one, other) is same
    assert same_title(other, one) is same


def test_texts_that_differ_in_a_word_or_a_space_are_near_duplicates() -> None:
    text = "".join(f"第{n}处由第{n}组在{n}月前办结，逾期的由第{n}处说明情况。" for n in range(1, 60))
    texts = {"a": text, "b": text.replace("第30处由", "第三十处由") + "\n", "c": text[: len(text) // 2], "d": "短"}
    signatures = {name: signature(said) for name, said in texts.items()}
    assert signatures["d"] == b""
    found = [(one, other) for one, other, share in near_duplicates({}, signatures, texts.__getitem__) if share < 1]
    assert found == [("b", "a")]
    fresh = {"b": signatures.pop("b")}
    assert [pair[:2] for pair in near_duplicates(signatures, fresh, texts.__getitem__)] == [("b", "a")]
    assert list(near_duplicates(signatures | fresh, {}, texts.__getitem__)) == []
