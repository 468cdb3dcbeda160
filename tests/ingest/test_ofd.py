"""OFD files: text in reading order, templates, places, odd writers, and what cannot be read."""

from __future__ import annotations

import zipfile
from collections import Counter
from html import escape
from itertools import pairwise
from pathlib import Path

import ofd_files as files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from ofd_files import BODY, LEFT, centred, document, entry, ofd, packed, page, paragraph, text
from parsing import body, parsed, values, with_problems

from ingest.formats.model import Limits, ParsedFile, Trouble
from ingest.formats.ofd import parse_ofd
from ingest.formats.pdf_lines import Line
from ingest.parse import parse

FIRST = "各县区教育局要在每年九月底之前完成学生体质健康测试数据的上报工作，上报前应当逐校核对，确保数据真实准确。"
SECOND = "市教育局每学期开展一次抽查，抽查结果纳入年度考核。"


def read(data: bytes, limits: Limits | None = None) -> ParsedFile:
    return parse_ofd(data, limits or Limits())


def texts(data: bytes) -> list[str]:
    return [block.text for block in read(data).blocks]


def lost(data: bytes) -> list[tuple[str, str]]:
    return [(t.place, t.reason) for t in read(data).troubles if t.lost]


def one(*objects: str) -> bytes:
    """A file of one page."""
    return ofd(document([page(*objects)]))


def test_a_notice_is_read_with_its_clauses_and_fields() -> None:
    rows = [
        centred("关于做好体质健康测试工作的通知", 40, 7.8),
        text("各县区教育局：", LEFT, 60),
        *paragraph("一、按时上报。" + FIRST, 70),
        *paragraph("二、加强抽查。" + SECOND, 100),
        text("某市教育局", LEFT + 18 * BODY, 140),
        text("2024年3月5日", LEFT + 18 * BODY, 150),
    ]
    document = parsed(one(*rows), "通知.ofd")
    assert document.title == "关于做好体质健康测试工作的通知"
    assert body(document) == ["一", "二"]
    assert values(document, "issued_on") == ["2024-03-05"]
    assert FIRST in document.text
    assert SECOND in document.text


def test_order_is_by_place_not_by_file() -> None:
    rows = paragraph(FIRST, 60) + paragraph(SECOND, 100)
    assert texts(one(*reversed(rows))) == [FIRST, SECOND]


def test_pieces_of_a_line_are_one_line_and_columns_are_parted() -> None:
    data = one(
        text("部：教育局", LEFT + 2 * BODY, 50), text("牵头", LEFT, 50.4), text("时限：年底前", LEFT + 12 * BODY, 49.7)
    )
    assert texts(data) == ["牵头部：教育局 时限：年底前"]


def test_a_paragraph_over_a_page_break_knows_both_pages() -> None:
    rows = paragraph(FIRST, 280)
    block = read(ofd(document([page(rows[0]), page(text(FIRST[26:], LEFT, 40))]))).blocks[0]
    assert block.text == FIRST
    assert block.pages == ((0, 1), (26, 2))


def test_running_heads_and_page_numbers_are_left_out() -> None:
    sentences = [FIRST, SECOND, "各学校要组织教师学习本办法，并在教职工大会上通报。"]
    pages = [
        page(centred("某市教育局文件汇编", 15, 4), *paragraph(sentence, 60), centred(f"— {n} —", 285))
        for n, sentence in enumerate(sentences, 1)
    ]
    assert texts(ofd(document(pages))) == sentences


def test_copies_of_a_form_keep_their_titles_and_what_stands_at_other_heights() -> None:
    copies = []
    for top, sentence in ((30, FIRST), (60, SECOND)):
        head = centred("立项审批表", top, 8), text("编号：某教〔2024〕", LEFT, top + 10)
        copies.append(page(*head, *paragraph(sentence, top + 30)))
    head_texts = ["立项审批表", "编号：某教〔2024〕"]
    assert texts(ofd(document(copies))) == [*head_texts, FIRST, *head_texts, SECOND]


def test_a_line_of_figures_alone_is_no_page_number() -> None:
    assert texts(one(*paragraph(SECOND, 50), text("121212", LEFT, 280))) == [SECOND, "121212"]


def rules(columns: list[float], rows: list[float], thin: bool = False) -> list[str]:
    """Path objects that rule a table: as lines, or as thin boxes that are filled."""
    found = [(columns[0], y, columns[-1] - columns[0], 0.0) for y in rows]
    found += [(x, rows[0], 0.0, rows[-1] - rows[0]) for x in columns]
    objects = []
    for x, y, width, height in found:
        if thin:
            box = f"M 0 0 L {width or 0.3} 0 L {width or 0.3} {height or 0.3} L 0 {height or 0.3} C"
            objects.append(
                f'<ofd:PathObject Boundary="{x} {y} {width or 0.3} {height or 0.3}" Fill="true" Stroke="false">'
                f"<ofd:AbbreviatedData>{box}</ofd:AbbreviatedData></ofd:PathObject>"
            )
        else:
            objects.append(
                f'<ofd:PathObject Boundary="{x} {y} {width + 0.3} {height + 0.3}" LineWidth="0.3"><ofd:AbbreviatedData>'
                f"M 0 0 L {width} {height}</ofd:AbbreviatedData></ofd:PathObject>"
            )
    return objects


ROWS = [["序号", "任务", "牵头单位"], ["1", "修订管理办法", "法规处"], ["2", "开展专项检查", "督导室"]]
COLUMNS = [28.0, 48.0, 120.0, 170.0]


@pytest.mark.parametrize("thin", [False, True], ids=["lines", "thin boxes"])
@pytest.mark.parametrize("in_one_go", [False, True], ids=["cells", "rows in one go"])
def test_ruled_tables_are_rows_of_named_cells(thin: bool, in_one_go: bool) -> None:
    objects = rules(COLUMNS, [50, 60, 70, 80], thin)
    for number, row in enumerate(ROWS):
        places = [(cell, x + 2) for cell, x in zip(row, COLUMNS, strict=False)]
        if in_one_go:
            written = "".join(row)
            starts = [x + 5 * i for cell, x in places for i in range(len(cell))]
            deltas = " ".join(f"{b - a:g}" for a, b in pairwise(starts))
            objects.append(
                f'<ofd:TextObject Boundary="{starts[0]} {52 + 10 * number} 150 8" Size="5"><ofd:TextCode X="0" Y="5" '
                f'DeltaX="{deltas}">{written}</ofd:TextCode></ofd:TextObject>'
            )
        else:
            objects += [text(cell, x, 57 + 10 * number, 5) for cell, x in places]
    found = read(one(text("任务分解表", LEFT, 40), *reversed(objects), text("填表人：某某", LEFT, 95))).blocks
    assert [(b.text, b.table) for b in found] == [
        ("任务分解表", None),
        ("序号：1；任务：修订管理办法；牵头单位：法规处", 1),
        ("序号：2；任务：开展专项检查；牵头单位：督导室", 1),
        ("填表人：某某", None),
    ]


def test_tables_of_several_documents_are_counted_through() -> None:
    table = [*rules(COLUMNS, [50, 60, 70]), *(text(c, x + 2, 57, 5) for c, x in zip(ROWS[1], COLUMNS, strict=False))]
    table += [text(c, x + 2, 67, 5) for c, x in zip(ROWS[2], COLUMNS, strict=False)]
    data = ofd(document([page(*table)]), document([page(*table)]))
    assert [b.table for b in read(data).blocks] == [1, 1, 2, 2]


def test_curves_and_broken_paths_rule_nothing() -> None:
    paths = ["M 0 0 Q 1 1 2 2 L 50 2", "M", "L 1", "M 0 0 L x y L 9 9 9", "B 1 2", "M 0 0 " + "L 1 1 " * 5000]
    objects = [
        f'<ofd:PathObject Boundary="20 20 99 99"><ofd:AbbreviatedData>{p}</ofd:AbbreviatedData></ofd:PathObject>'
        for p in paths
    ]
    assert texts(one(*objects, text(SECOND, LEFT, 50))) == [SECOND]


def test_the_template_is_read_with_the_page_by_place() -> None:
    template = page(text("单位：", LEFT, 50), text("时限：", LEFT, 60))
    values_on_page = page(text("教育局", LEFT + 3 * BODY, 50), text("年底前", LEFT + 3 * BODY, 60), template="7")
    common = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml"/>'
    parts = document([values_on_page], common=common) | {"Tpls/Tpl_0/Content.xml": template}
    assert "".join(texts(ofd(parts))) == "单位：教育局时限：年底前"


def test_text_in_template_and_page_alike_or_drawn_twice_for_bold_stands_once() -> None:
    assert texts(one(text("任务分工", LEFT, 50), text("任务分工", LEFT + 0.2, 50.1))) == ["任务分工"]


def test_a_missing_template_is_named() -> None:
    assert lost(ofd(document([page(text(SECOND, LEFT, 50), template="7")]))) == [
        ("第1页", "页面所用的模板缺失或无法读取")
    ]


def test_deltas_with_counts_line_turns_and_columns_of_characters() -> None:
    turned = (
        f'<ofd:TextObject Boundary="{LEFT} 50 100 30" Size="5"><ofd:TextCode X="0" Y="5" '
        'DeltaX="g 2 5 -10 g 2 5" DeltaY="g 2 0 8 g 2 0">甲乙丙丁戊己</ofd:TextCode></ofd:TextObject>'
    )
    upright = (
        '<ofd:TextObject Boundary="10 100 10 30" Size="5"><ofd:TextCode X="0" Y="5" DeltaY="g 2 6">责任方'
        "</ofd:TextCode></ofd:TextObject>"
    )
    assert "".join(texts(one(turned))) == "甲乙丙丁戊己"
    assert texts(one(upright)) == ["责任方"]


def test_a_wide_gap_within_a_run_parts_words_and_even_spacing_does_not() -> None:
    def run(written: str, deltas: str) -> str:
        code = f'<ofd:TextCode X="0" Y="5" DeltaX="{deltas}">{written}</ofd:TextCode>'
        return f'<ofd:TextObject Boundary="{LEFT} 50 150 8" Size="5">{code}</ofd:TextObject>'

    assert texts(one(run("处长张三", "5 40 5"))) == ["处长 张三"]
    assert texts(one(run("通知事项", "20 20 20"))) == ["通知事项"]


def test_the_matrix_of_a_text_object_places_it() -> None:
    scaled = text("第二行", 0, 0, extra='CTM="1 0 0 1 28 80"')
    assert "".join(texts(one(scaled, text("第一行", LEFT, 50)))) == "第一行第二行"


@pytest.mark.parametrize(
    ("matrix", "places"),
    [
        ("0 1 -1 0 0 0", [(100, 50), (100, 55.6), (100, 61.2)]),
        ("0 -1 1 0 0 0", [(100, 60), (100, 54.4), (100, 48.8)]),
    ],
    ids=["turned right", "turned left"],
)
def test_turned_pages_are_read_along_their_lines(matrix: str, places: list[tuple[float, float]]) -> None:
    pieces = [text(c, x, y, extra=f'CTM="{matrix}"') for c, (x, y) in zip("甲乙丙", places, strict=True)]
    assert texts(one(*reversed(pieces))) == ["甲乙丙"]


def test_slanting_watermarks_of_all_pages_are_left_out_and_named() -> None:
    mark = text("仅供内部使用", 60, 150, 12, extra='CTM="0.7071 -0.7071 0.7071 0.7071 0 0"')
    result = read(ofd(document([page(text(s, LEFT, 50), mark) for s in (FIRST[:20], SECOND)])))
    assert "".join(b.text for b in result.blocks) == FIRST[:20] + SECOND
    assert [(t.reason, t.lost) for t in result.troubles] == [("各页斜排的水印文字未收入", False)]


def test_blocks_and_composite_objects_hold_text() -> None:
    inner = f"<ofd:PageBlock><ofd:PageBlock>{text('块中文字', LEFT, 50)}</ofd:PageBlock></ofd:PageBlock>"
    composite = '<ofd:CompositeObject ResourceID="55" Boundary="28 60 100 20"/>'
    unit = (
        f'<ofd:Res xmlns:ofd="{files.NAMESPACE}"><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="55">'
        f"<ofd:Content>{text('组合图元中的文字', 0, 10)}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits></ofd:Res>"
    )
    common = "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>"
    parts = document([page(inner, composite)], common=common) | {"DocumentRes.xml": unit}
    assert "".join(texts(ofd(parts))) == "块中文字组合图元中的文字"


def test_hidden_text_counts_where_it_lies_under_a_picture() -> None:
    picture = '<ofd:ImageObject ResourceID="3" Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>'
    under = read(one(picture, text(SECOND, LEFT, 50, extra='Alpha="0"')))
    assert [b.text for b in under.blocks] == [SECOND]
    assert "隐藏文字层" in under.troubles[0].reason
    beside = read(one(text(SECOND, LEFT, 50), text("草稿", LEFT, 80, extra='Visible="false"')))
    assert [b.text for b in beside.blocks] == [SECOND]
    assert [(t.reason, t.lost) for t in beside.troubles] == [("有看不见的文字未收入", False)]


def test_several_documents_follow_each_other_with_pages_counted_through() -> None:
    data = ofd(document([page(text("主件正文。", LEFT, 50))]), document([page(text("第二份文件正文。", LEFT, 50))]))
    assert [(b.text, b.pages) for b in read(data).blocks] == [
        ("主件正文。", ((0, 1),)),
        ("第二份文件正文。", ((0, 2),)),
    ]


def _renamed(data: bytes, change: dict[str, str]) -> bytes:
    return files.packed({change.get(name, name): content for name, content in files.members_of(data).items()})


def _rewritten(data: bytes, old: str, new: str) -> bytes:
    return files.packed({n: c.replace(old.encode(), new.encode()) for n, c in files.members_of(data).items()})


PLAIN = one(*paragraph(FIRST, 50))


@pytest.mark.parametrize(
    "data",
    [
        _rewritten(PLAIN, "Pages/Page_0", "/Doc_0/Pages/Page_0"),
        _rewritten(PLAIN, "Pages/Page_0", "/Pages/Page_0"),
        _rewritten(PLAIN, "Pages/Page_0", "..\\Doc_0\\Pages\\Page_0"),
        _rewritten(PLAIN, "Pages/Page_0/Content.xml", "pages/PAGE_0/content.XML"),
        _rewritten(PLAIN, "Pages/Page_0/Content.xml", "Pages/Page_0"),
        _rewritten(PLAIN, "Doc_0/Document.xml", "Document.xml"),
        _renamed(PLAIN, {"Doc_0/Document.xml": "Document.xml"}),
        _renamed(PLAIN, {"OFD.xml": "ofd.XML"}),
        _renamed(PLAIN, {"OFD.xml": "Other.xml"}),
        _renamed(PLAIN, {"Doc_0/Pages/Page_0/Content.xml": "Doc_0\\Pages\\Page_0\\Content.xml"}),
        ofd(document([page(*paragraph(FIRST, 50))], listed=False)),
        _rewritten(PLAIN, files.NAMESPACE, "http://www.ofdspec.org"),
        _rewritten(PLAIN, f' xmlns:ofd="{files.NAMESPACE}"', ""),
        _rewritten(_rewritten(_rewritten(PLAIN, f' xmlns:ofd="{files.NAMESPACE}"', ""), "<ofd:", "<"), "</ofd:", "</"),
        _rewritten(PLAIN, "</ofd:Layer>", "<custom:Tag xmlns:custom='x'>别的</custom:Tag></ofd:Layer>"),
    ],
    ids=[
        "absolute", "absolute without document folder", "backslashes", "wrong case", "folder of the page",
        "root without Doc_0", "document at the root", "wrong case of OFD.xml", "no OFD.xml", "backslashes in the zip",
        "pages not listed", "old namespace", "prefix not declared", "no namespace", "foreign elements",
    ],
)  # fmt: skip
def test_odd_writers_are_read_all_the_same(data: bytes) -> None:
    assert texts(data) == [FIRST]
    assert lost(data) == []


def test_pages_in_gb18030_are_read() -> None:
    changed = {
        name: content.decode().replace("UTF-8", "GB18030").encode("gb18030")
        for name, content in files.members_of(PLAIN).items()
    }
    assert texts(files.packed(changed)) == [FIRST]


def test_pictures_and_paths_without_text_are_named_by_page() -> None:
    picture = page('<ofd:ImageObject ResourceID="3" Boundary="0 0 210 297"/>')
    seal = page('<ofd:ImageObject ResourceID="3" Boundary="100 100 40 40"/>')
    drawn = page('<ofd:PathObject Boundary="0 0 9 9"/>')
    data = ofd(document([picture, picture, page(text(SECOND, LEFT, 50)), drawn, seal, page()]))
    assert lost(data) == [
        ("第1–2页", "页面上的图片缺失"),
        ("第4页", "没有文字，只有图形（文字可能已转成曲线）"),
        ("第5页", "没有文字，只有小幅图像"),
    ]
    assert texts(data) == [SECOND]


def with_picture(*pages: str) -> bytes:
    resource = (
        f'<ofd:Res xmlns:ofd="{files.NAMESPACE}" BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3" Type="Image">'
        "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    parts = document(list(pages), common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>")
    return ofd(parts | {"DocumentRes.xml": resource, "Res/a.png": "pixels"})


def test_pages_that_are_pictures_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    def recognised(data: bytes, page: int, limits: Limits) -> tuple[list[Line], list[Trouble]]:
        assert data == b"pixels"
        line = Line(f"扫描页上的{'甲乙丙丁'[page - 1]}字。", 80, 100, 400, 120, 16, page, 0, 0.97, True)
        return [line], [Trouble(f"第{page}页", "有红色印章，印章上的文字未识别", lost=False)]

    monkeypatch.setattr("ingest.formats.ofd.scans.read_picture", recognised)
    scan = '<ofd:ImageObject ResourceID="3" Boundary="0 0 210 297"/>'
    under_text = page(scan, *paragraph(FIRST, 50), *paragraph(SECOND, 100))
    data = with_picture(page(scan), page(text(SECOND, LEFT, 50)), under_text, page(scan))
    result = read(data)
    assert [(b.text, b.pages, b.confidence) for b in result.blocks] == [
        ("扫描页上的甲字。", ((0, 1),), 0.97),
        (SECOND, ((0, 2),), None),
        (FIRST, ((0, 3),), None),
        (SECOND, (), None),
        ("扫描页上的丁字。", ((0, 4),), 0.97),
    ]
    assert [(t.place, t.lost) for t in result.troubles] == [
        ("第1页", False), ("第1页", False), ("第4页", False), ("第4页", False)
    ]  # fmt: skip
    limited = read(data, Limits(max_scanned_pages=1))
    assert [(t.place, t.reason) for t in limited.troubles if t.lost] == [
        ("第4页", "需要文字识别的页数超过 1 页，本页未收入")
    ]


def test_a_damaged_picture_is_named() -> None:
    data = with_picture(page('<ofd:ImageObject ResourceID="3" Boundary="0 0 210 297"/>'))
    assert lost(data) == [("第1页", "图片损坏，或是不支持的格式")]


def test_glyphs_without_characters_are_named() -> None:
    glyphs = (
        f'<ofd:TextObject Boundary="{LEFT} 80 99 9" Size="5"><ofd:CGTransform CodePosition="0"><ofd:Glyphs>'
        '12 13 14</ofd:Glyphs></ofd:CGTransform><ofd:TextCode X="0" Y="5"></ofd:TextCode></ofd:TextObject>'
    )
    assert lost(one(text(SECOND, LEFT, 50), glyphs)) == [("第1页", "有的文字只有字形编号，没有对应的字符")]
    assert "没有对应的字符" in lost(one(glyphs))[0][1]
    private = text("\ue001\ue002\ue003\ue004", LEFT, 50)
    assert texts(one(private)) == []
    assert "没有对应的字符" in lost(one(private))[0][1]


def test_transformed_glyphs_with_characters_are_text() -> None:
    inner = '<ofd:CGTransform CodePosition="0"><ofd:Glyphs>1005</ofd:Glyphs></ofd:CGTransform>'
    assert texts(one(text("文件", LEFT, 50, inner=inner))) == ["文件"]


def test_annotations_are_left_out_and_attachments_named() -> None:
    space = f'xmlns:ofd="{files.NAMESPACE}"'
    appearance = f'<ofd:Appearance Boundary="0 0 9 9">{text("下载次数：3", 0, 0)}</ofd:Appearance>'
    parts = document(
        [page(text(SECOND, LEFT, 50))],
        tail="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
        "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>",
    ) | {
        "Annots/Annotations.xml": f'<ofd:Annotations {space}><ofd:Page PageID="100"><ofd:FileLoc>Page_0/Annotation.xml'
        "</ofd:FileLoc></ofd:Page></ofd:Annotations>",
        "Annots/Page_0/Annotation.xml": f'<ofd:PageAnnot {space}><ofd:Annot Type="Watermark">{appearance}</ofd:Annot>'
        "</ofd:PageAnnot>",
        "Attachs/Attachments.xml": f'<ofd:Attachments {space}><ofd:Attachment ID="1" Name="任务分解表" Format="xlsx">'
        '<ofd:FileLoc>a.xlsx</ofd:FileLoc></ofd:Attachment><ofd:Attachment ID="2" Name="data" Format="xml" '
        'Visible="false"><ofd:FileLoc>b.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>',
    }
    result = read(ofd(parts))
    assert [b.text for b in result.blocks] == [SECOND]
    assert [(t.place, t.reason, t.lost) for t in result.troubles] == [
        ("第1页", "水印中的 6 个字未收入", False),
        ("", "附件缺失：任务分解表.xlsx", True),
        ("", "随文数据未收入：data.xml", False),
    ]


@pytest.mark.parametrize("slanting", [True, False])
def test_a_secrecy_mark_refuses_the_file_though_it_is_a_watermark(slanting: bool) -> None:
    pages = [page(*[text(f"第{n}段。", LEFT, 30 + 10 * n) for n in range(20)]) for _ in range(2)]
    if slanting:
        mark = text("机密", 60, 150, 12, extra='CTM="0.7071 -0.7071 0.7071 0.7071 0 0"')
        data = ofd(document([p.replace("</ofd:Layer>", mark + "</ofd:Layer>") for p in pages]))
    else:
        space = f'xmlns:ofd="{files.NAMESPACE}"'
        data = ofd(
            document(pages, tail="<ofd:Annotations>A.xml</ofd:Annotations>")
            | {
                "A.xml": f'<ofd:Annotations {space}><ofd:Page PageID="101"><ofd:FileLoc>B.xml</ofd:FileLoc></ofd:Page>'
                "</ofd:Annotations>",
                "B.xml": f'<ofd:PageAnnot {space}><ofd:Annot Type="Watermark"><ofd:Appearance Boundary="0 0 9 9">'
                f"{text('机密', 0, 0)}</ofd:Appearance></ofd:Annot></ofd:PageAnnot>",
            }
        )
    document_, problems = parse("a.ofd", data)
    assert document_ is None
    assert "密级" in problems[-1].reason


def test_restrictions_of_the_file_are_named() -> None:
    tail = '<ofd:Permissions><ofd:Export>false</ofd:Export><ofd:ValidPeriod EndDate="2020-01-01"/></ofd:Permissions>'
    _, problems = with_problems(ofd(document([page(text(SECOND, LEFT, 50))], tail=tail)), "a.ofd")
    assert [(p.reason, p.lost) for p in problems] == [
        ("文件声明不允许导出内容，请确认可以收入", False),
        ("文件声明的有效期至 2020-01-01", False),
    ]


def _encrypted_zip(data: bytes) -> bytes:
    """The bit that says that a member is encrypted, set for all of them."""
    changed = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = changed.find(mark)
        while place >= 0:
            changed[place + offset] |= 1
            place = changed.find(mark, place + 4)
    return bytes(changed)


DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "不是有效的 OFD"),
        (b"PK\x03\x04 broken", "不是有效的 OFD"),
        (b"%PDF-1.7", "无法解析"),
        (files.packed({"a.txt": "x"}), "没有 OFD.xml"),
        (_encrypted_zip(PLAIN), "加密"),
        (_rewritten(PLAIN, '<?xml version="1.0" encoding="UTF-8"?>', "\x00\x01\x02"), "XML"),
        (files.packed({"OFD.xml": b"\x8f\x01\x77", "Encryptions.xml": "<x/>"}), "文件已加密，需要先解密"),
        (_rewritten(PLAIN, "\n<ofd:Page ", f"\n{DTD}<ofd:Page "), "DTD"),
        (_rewritten(PLAIN, "\n<ofd:OFD ", f"\n{BOMB}<ofd:OFD "), "DTD"),
        (_renamed(PLAIN, {"Doc_0/Pages/Page_0/Content.xml": "Doc_0/elsewhere.xml"}), "缺少页面文件"),
        (_renamed(PLAIN, {"Doc_0/Document.xml": "Doc_0/elsewhere.xml"}), "缺少文档"),
        (ofd(document([])), "没有页"),
        (_rewritten(PLAIN, "Pages/Page_0/Content.xml", "../../../../etc/passwd"), "缺少页面文件"),
        (one("<ofd:PageBlock>" * 300 + "</ofd:PageBlock>" * 300), "XML"),
        (one(text("字" * 40, LEFT, 50) + " " * 40_000_000), "上限"),
    ],
    ids=[
        "empty", "broken", "pdf", "no entry", "encrypted zip", "no xml", "encrypted package", "dtd", "entities",
        "page missing", "document missing", "no pages", "path outside", "deep", "bomb",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(data: bytes, reason: str) -> None:
    document_, problems = parse("a.ofd", data)
    assert document_ is None
    assert any(p.lost and reason in p.reason for p in problems), problems


def test_one_bad_page_does_not_cost_the_others() -> None:
    data = ofd(document([page(text(SECOND, LEFT, 50)), page(text(FIRST[:20], LEFT + 2 * BODY, 50))]))
    members = files.members_of(data)
    members["Doc_0/Pages/Page_1/Content.xml"] = members["Doc_0/Pages/Page_1/Content.xml"].replace(b"</ofd:Layer>", b"")
    result = read(files.packed(members))
    assert [b.text for b in result.blocks] == [SECOND, FIRST[:20]]
    assert [t.reason for t in result.troubles] == ["XML 已损坏，只读到损坏处：Doc_0/Pages/Page_1/Content.xml"]


def test_limits_of_pages_and_characters_keep_what_came_before() -> None:
    data = ofd(document([page(text(f"第{n}页正文。", LEFT, 50)) for n in "甲乙丙丁"]))
    result = read(data, Limits(max_pages=2))
    assert "".join(b.text for b in result.blocks) == "第甲页正文。第乙页正文。"
    assert [(t.reason, t.lost) for t in result.troubles] == [("页数超过 2 页，其后未收入", True)]
    result = read(data, Limits(max_characters=10))
    assert "过多" in result.troubles[-1].reason


def test_composite_objects_that_hold_each_other_end() -> None:
    ring = '<ofd:CompositeObject ResourceID="55" Boundary="0 0 1 1"/>' * 8
    unit = (
        f'<ofd:Res xmlns:ofd="{files.NAMESPACE}"><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="55">'
        f"<ofd:Content>{ring}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>"
    )
    parts = document([page(ring)], common="<ofd:PublicRes>R.xml</ofd:PublicRes>") | {"R.xml": unit}
    result = read(ofd(parts), Limits(max_characters=50_000))
    assert result.blocks == ()


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
            *[st.floats(-1e3, 1e3) | st.just(float("nan"))] * 3,
            st.sampled_from(["", "g 3 2", "g 999999999 1", "1 2 3", "x y", "-4 g"]),
        ),
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_no_placing_loses_a_character(pieces: list[tuple[str, float, float, float, str]]) -> None:
    """Whatever the places, every character of a page with one document stands in the result."""
    objects = "".join(
        f'<ofd:TextObject Boundary="{x} {y} 9 9" Size="{size}"><ofd:TextCode X="0" Y="1" DeltaX="{deltas}">'
        f"{escape(written)}</ofd:TextCode></ofd:TextObject>"
        for written, x, y, size, deltas in pieces
    )
    # A first and a last line that cannot be taken for a page number.
    data = one(text("起始行", LEFT, -5000), objects, text("末尾行", LEFT, 5000))
    wanted = Counter(c for written, *_ in pieces for c in set(written) if c.isalnum() and not "\ue000" <= c <= "\uf8ff")
    got = Counter("".join(texts(data)))
    assert all(got[c] for c in wanted)


def test_the_collected_files_give_all_their_text_or_say_why_not(shared_corpus: Path) -> None:
    for path in sorted((shared_corpus / "formats" / "ofd").glob("*.ofd")):
        result = read(path.read_bytes())
        assert result.blocks or any(t.lost for t in result.troubles), path.name
        got = set("".join(b.text for b in result.blocks))
        with zipfile.ZipFile(path) as archive:
            pages = [n for n in archive.namelist() if "Pages/" in n and n.endswith("Content.xml")]
            for name in pages:
                root = etree.fromstring(archive.read(name))
                written = "".join(e.text or "" for e in root.iter() if str(e.tag).endswith("TextCode"))
                assert {c for c in written if "㐀" <= c <= "鿿"} <= got, path.name


def test_a_page_and_a_document_that_are_named_many_times_are_read_once() -> None:
    """Four kilobytes that name a page a thousand times, in a document that is named as often, took eight seconds."""
    parts = document([page(text(SECOND, LEFT, 50)), page(text("另一页的文字。", LEFT, 50))])
    listed = '<ofd:Page ID="100" BaseLoc="Pages/Page_0/Content.xml"/>'
    parts["Document.xml"] = parts["Document.xml"].replace(listed, listed * 3)
    members = {f"Doc_0/{name}": content for name, content in parts.items()}
    result = read(packed({"OFD.xml": entry(*["Doc_0/Document.xml"] * 1000), **members}))
    assert "".join(block.text for block in result.blocks) == SECOND + "另一页的文字。"
    assert [(t.place, t.reason, t.lost) for t in result.troubles] == [
        ("", "有 999 处重复列出同一文档，只收入一次", False),
        ("第2–3页", "与前面的页是同一页面文件，未重复收入", False),
    ]
