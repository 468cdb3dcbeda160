"""Tables that hold one document a row: by a user's mapping, and recognised."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from sheet_files import xlsx

from ingest.formats.model import BlockKind, ParsedFile
from ingest.formats.sheet.prose import prose
from ingest.mapping import MappingError, documents_in, load_mapping, read_mapping
from ingest.parse import parse
from ingest.structure.canonical import canonical
from ingest.structure.parts import split_parts
from ingest.structure.tree import clauses_of

REASONS = "近年来此项工作有进展，但仍有不足，群众多有反映。" * 15
TEXT = f"调研情况：{REASONS}具体建议：一、加强统筹。由市教育局牵头。二、增加投入。"
TABLE = [
    ["提案编号", "案由", "提案者", "内容", "流水号", "来源备考"],
    ["0012", "关于发展学前教育的建议", "甲某", TEXT, "1", "网上提交"],
    ["0013", "关于加强校园安全的提案", "乙某", TEXT + "三、落实责任。", "2", "书面"],
]
MAPPING = """
columns:
  title: 案由
  text: 内容
  number: 提案编号
  proposer: 提案者
values:
  session: 市政协十四届三次会议
ignore: [流水号]
"""


def table(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue().encode()


def rows_of(name: str, data: bytes, mapping: str = "") -> tuple[tuple[tuple[str, ParsedFile], ...], list[str]]:
    """The documents of a table with their names, and the remarks on it."""
    found = documents_in(name, data, read_mapping(mapping.encode()) if mapping else None)
    assert found is not None
    return found.documents, [remark.reason for remark in found.remarks]


def texts(parsed: ParsedFile) -> list[str]:
    return [block.text for block in parsed.blocks]


def paths(parsed: ParsedFile) -> list[str]:
    text = canonical(parsed)
    return [c.path for c in clauses_of(text, split_parts(text.lines), "d0")]


def fault(text: str) -> str:
    with pytest.raises(MappingError) as caught:
        read_mapping(text.encode(), "a.yaml")
    return caught.value.message


# By a mapping ----------------------------------------------------------------------------------------------------


def test_each_row_is_a_document_with_its_fields() -> None:
    found, left_out = rows_of("提案.csv", table(TABLE), MAPPING)
    assert [name for name, _ in found] == ["第2行 关于发展学前教育的建议", "第3行 关于加强校园安全的提案"]
    assert texts(found[0][1]) == [
        "关于发展学前教育的建议",
        "提案编号：0012",
        "届次：市政协十四届三次会议",
        "提案者：甲某",
        "来源备考：网上提交",
        "调研情况：",
        REASONS,
        "具体建议：",
        "一、加强统筹。由市教育局牵头。二、增加投入。",
    ]
    assert left_out == ["这些列未收入（流水号、标识，或与其他列重复）：流水号"]


def test_the_rows_of_a_workbook_and_what_stands_beside_them() -> None:
    rows = [["市政协提案汇总"], *TABLE, ["备注：不含平时提案。"]]
    found, _ = rows_of("a.xlsx", xlsx(rows, merges=["A1:F1"]), MAPPING)
    assert [name for name, _ in found] == ["第3行 关于发展学前教育的建议", "第4行 关于加强校园安全的提案", "其余内容"]
    assert texts(found[-1][1]) == ["市政协提案汇总", "备注：不含平时提案。"]


def test_several_columns_of_text_are_headed_by_their_names() -> None:
    rows = [["题", "背景", "建议内容"], ["甲", "背景一句。", "建议一句。"], ["乙", "背景二句。", "建议二句。"]]
    found, _ = rows_of("a.csv", table(rows), "columns: {title: 题, text: [背景, 建议内容]}")
    assert texts(found[1][1]) == ["乙", "背景", "背景二句。", "建议内容", "建议二句。"]


def test_a_mapping_means_the_files_that_it_names() -> None:
    mapping = read_mapping("files: '提案*.csv'\ncolumns: {title: 甲, text: 乙}".encode())
    ledger = table([["序号", "任务", "牵头单位"], ["1", "某事", "市教育局"]])
    assert documents_in("台账.csv", ledger, mapping) is None
    with pytest.raises(MappingError) as caught:
        documents_in("提案2024.csv", ledger, mapping)
    assert str(caught.value) == "对应表写的列“甲”“乙”不在表中。 表中的列：序号、任务、牵头单位。"


def test_columns_that_are_not_there_are_named() -> None:
    with pytest.raises(MappingError, match="“日子”不在表中"):
        documents_in("a.csv", table(TABLE), read_mapping("columns: {title: 案由, text: 内容, date: 日子}".encode()))
    with pytest.raises(MappingError, match="没有工作表“另表”。 文件中的工作表：Sheet1"):
        documents_in("a.xlsx", xlsx(TABLE), read_mapping("sheet: 另表\ncolumns: {title: 案由, text: 内容}".encode()))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {title: 案由}", "a.yaml 有误：缺少 columns.text。"),
        ("kind: 提案", "a.yaml 有误：缺少 columns。"),
        ("columns: {title: 案由, text: 内容}\nkinds: 提案", "a.yaml 有误：不认识 kinds（可写 columns、values、kind、"),
        ("columns: {titel: 案由, title: 甲, text: 内容}", "不认识 columns.titel（可写 title、text、number、"),
        ("columns: {title: 案由, text: 内容}\nkind: 通知", "kind 只能是 提案、公文、其他"),
        ("columns: {title: 3, text: 内容}", "columns.title 应是文字（数字请加引号）"),
        ("columns: {title: 案由, text: []}", "columns.text 应是文字（数字请加引号）"),
        ("columns: 案由", "columns 应是“名称: 值”的各行"),
        ("- 案由", "内容 应是“名称: 值”的各行"),
        ("columns: {title: 案由", "a.yaml 不是有效的 YAML：第 1 行写法有误。"),
        ("!!python/object/apply:os.system ['true']", "不是有效的 YAML"),
    ],
)
def test_faults_of_a_mapping_are_named(text: str, message: str) -> None:
    assert message in fault(text)


def test_a_mapping_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "proposals.yaml"
    with pytest.raises(MappingError, match=r"无法读取对应表 proposals\.yaml"):
        load_mapping(path)
    path.write_text(MAPPING, encoding="utf-8")
    mapping = load_mapping(path)
    assert mapping.columns.title == "案由"
    assert mapping.digest == read_mapping(MAPPING.encode()).digest
    assert mapping.digest != read_mapping(MAPPING.replace("三次", "四次").encode()).digest


# Recognised ------------------------------------------------------------------------------------------------------


def test_a_table_of_titles_and_long_texts_is_recognised() -> None:
    found, _ = rows_of("a.csv", table(TABLE))
    assert texts(found[0][1])[:4] == ["关于发展学前教育的建议", "提案编号：0012", "提案者：甲某", "来源备考：网上提交"]
    assert paths(found[0][1]) == [
        "标题", "提案编号", "提案者", "导语", "调研情况", "具体建议", "具体建议 一", "具体建议 二",
    ]  # fmt: skip


def test_columns_are_told_by_english_names_and_titles_by_their_shape() -> None:
    rows = [["proposal_number", "heading", "publish_time", "content", "uid"]]
    rows += [[f"00{n}", f"关于第{n}件事的建议", f"2024-03-0{n} 10:00:00", TEXT, f"{n}" * 32] for n in (4, 2, 7)]
    found, left_out = rows_of("a.csv", table(rows))
    assert texts(found[1][1])[:3] == ["关于第2件事的建议", "提案编号：002", "发布日期：2024-03-02 10:00:00"]
    assert "uid" in left_out[0]


@pytest.mark.parametrize(
    "rows",
    [
        [["序号", "任务", "牵头单位"], ["1", TEXT, "市教育局"], ["2", TEXT, "市科技局"]],
        [["案由", "内容"], ["关于甲的建议", "办理较好。"], ["关于乙的建议", "办理较好。"]],
        [["姓名", "简介"], ["甲某", TEXT], ["乙某", TEXT]],
    ],
    ids=["a ledger", "short texts", "no titles"],
)
def test_other_tables_are_one_document(rows: list[list[str]]) -> None:
    assert documents_in("a.csv", table(rows)) is None


def test_a_secrecy_mark_above_the_table_refuses_all_its_rows() -> None:
    data = xlsx([["秘密★1年"], *TABLE])
    assert documents_in("a.xlsx", data) is None
    document, problems = parse("a.xlsx", data)
    assert document is None
    assert "密级标志" in problems[0].reason


def test_what_cannot_be_read_is_left_to_its_parser() -> None:
    assert documents_in("a.xlsx", b"PK\x03\x04 nothing") is None
    assert documents_in("a.docx", table(TABLE)) is None


# Paragraphs of a cell --------------------------------------------------------------------------------------------


def test_lines_that_print_has_broken_are_joined() -> None:
    text = "近年来我市学前教育发展较快，公办园数量和质\n量都有提高。\n一、存在的主要问题和不足之处分析如下\n师资不足。"
    assert [b.text for b in prose(text)] == [
        "近年来我市学前教育发展较快，公办园数量和质量都有提高。",
        "一、存在的主要问题和不足之处分析如下",
        "师资不足。",
    ]


def test_flattened_indents_open_paragraphs_and_names_of_sections_open_sections() -> None:
    text = "调研情况：\xa0\xa0 甲。\u3000\u3000乙；再看 问题分析以外的。问题分析：丙。"
    assert [(b.text, b.kind == BlockKind.HEADING) for b in prose(text)] == [
        ("调研情况：", True),
        ("甲。", False),
        ("乙；再看 问题分析以外的。", False),
        ("问题分析：", True),
        ("丙。", False),
    ]


# The real table --------------------------------------------------------------------------------------------------


def test_the_proposals_of_2019_are_436_documents_without_a_loss(shared_corpus: Path) -> None:
    path = shared_corpus / "proposals-2019" / "jszx2019.csv"
    data = path.read_bytes()
    found, left_out = rows_of(path.name, data)
    assert len(left_out) == 1
    assert len(found) == 436
    mapping = (
        "columns: {title: reason, text: content, number: proposal_number, proposer: personnel_name, category: type,"
        " published: publish_time}\nignore: [pkid, rownum, year]"
    )
    assert rows_of(path.name, data, mapping)[0] == found
    with path.open(encoding="utf-8", newline="") as file:
        for row, (_, parsed) in zip(csv.DictReader(file), found, strict=True):
            text = re.sub(r"\s", "", "".join(texts(parsed)))
            for column in ("reason", "content", "proposal_number", "personnel_name", "type", "publish_time"):
                assert re.sub(r"[\s\u200b-\u200f\ufeff]", "", row[column]) in text
