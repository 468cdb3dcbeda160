from __future__ import annotations

import codecs
import io
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsing import body, parsed, paths, values, with_problems
from word_files import docx, p

from ingest.formats.charset import decode
from ingest.formats.model import BlockKind, Limits
from ingest.formats.tables import Cell, row_texts
from ingest.parse import PARSERS, parse

NOTICE = "关于某事的通知\n各单位：\n请认真执行，年底前完成。\n某市教育局\n2024年1月2日\n"


@pytest.mark.parametrize(
    "data",
    [
        NOTICE.encode(),
        codecs.BOM_UTF8 + NOTICE.encode(),
        NOTICE.encode("gb18030"),
        NOTICE.encode("utf-16"),
        codecs.BOM_UTF16_BE + NOTICE.encode("utf-16-be"),
        NOTICE.encode("utf-16-le"),
        NOTICE.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "utf-16-be", "utf-16 without mark", "crlf"],
)
def test_encodings_give_the_same_text(data: bytes) -> None:
    assert parsed(data).text == NOTICE


def test_bytes_that_cannot_be_decoded_are_named_by_line() -> None:
    data = NOTICE.encode().replace("执".encode(), b"\xff\xfe\xfd")
    document, problems = with_problems(data)
    assert "�" in document.text
    assert [(p.place, p.lost) for p in problems] == [("第3行", True)]


def test_white_space_of_a_text_file_is_kept() -> None:
    text = " 某教议〔2023〕7号     签发人：张三\n\n关于某事的函\n市科技局：\n收悉。 \n\n"
    assert parsed(text).text == text


def test_markdown_keeps_levels_and_drops_marks() -> None:
    text = """---
sidebar: auto
---

# 某某章程

## 第一章　总则

**第一条**　为了*规范*管理，制定本章程。[依据](http://x)

<!-- 注释 -->
## 第二章　附则

**第二条**　施行。
"""
    document = parsed(text, "a.md")
    assert "**" not in document.text
    assert "sidebar" not in document.text
    assert "依据" in document.text
    assert paths(document) == ["标题", "第一章", "第一条", "第二章", "第二条"]


def test_markdown_headings_without_markers_are_clauses() -> None:
    document = parsed(
        "# 某某方案\n\n## 工作目标\n\n目标甲。\n\n### 近期\n\n1. 建成一个\n2. 启动一个\n\n## 保障\n\n经费保障。", "a.md"
    )
    assert body(document) == ["工作目标", "工作目标 近期", "工作目标 近期 1", "工作目标 近期 2", "保障"]


def test_markdown_tables_are_rows_of_named_cells() -> None:
    document = parsed(
        "# 任务清单\n\n| 序号 | 任务 | 牵头单位 |\n|---|---|---|\n"
        "| 1 | 建基地 | 市科技局 |\n| 2 | 开会 | |\n\n注：以上。",
        "a.md",
    )
    assert body(document) == ["表第1行", "表第2行", "第1段"]
    assert "序号：1；任务：建基地；牵头单位：市科技局" in document.text
    assert "序号：2；任务：开会\n" in document.text


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>x</title>
<script>var 导航 = 1;</script></head><body>
<div class="nav"><a href="#">首页</a><a href="#">政务公开</a></div>
<div class="crumb">当前位置：<a href="#">首页</a> &gt; 公开</div>
<div class="info"><table><tr><td><b>索 引 号：</b></td><td>000014349/2019-00003</td>
<td><b>主题分类：</b></td><td>教育</td></tr>
<tr><td><b>发文机关：</b></td><td>某市教育局</td>
<td><b>成文日期：</b></td><td>2024年01月02日</td></tr>
<tr><td><b>标　　题：</b></td><td colspan="3">关于某事的通知</td></tr></table></div>
<div id="UCAP-CONTENT">
<p style="text-align:center">关于某事<br>的通知</p><p>各单位：</p><p>请&nbsp;认真执行。</p>
<table border="1"><tr><td>序号</td><td>牵头单位</td><td>任务</td></tr>
<tr><td>1</td><td rowspan="2">市科技局</td><td>甲事</td></tr>
<tr><td>2</td><td>乙事</td></tr><tr><td colspan="3">二、其他方面</td></tr></table>
<p>某市教育局</p><p>2024年1月2日</p></div>
<div id="qr_container">扫一扫在手机打开当前页</div>
<div class="footer">主办单位：某市教育局　网站标识码：000</div></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_a_page_gives_its_document_and_its_metadata(charset: str) -> None:
    document = parsed(PAGE.format(charset=charset).encode("utf-8" if charset == "utf-8" else "gb18030"), "a.html")
    assert document.text == (
        "索引号：000014349/2019-00003\n主题分类：教育\n发文机关：某市教育局\n"
        "成文日期：2024年01月02日\n标题：关于某事的通知\n"
        "关于某事\n的通知\n各单位：\n请 认真执行。\n序号：1；牵头单位：市科技局；任务：甲事\n"
        "序号：2；牵头单位：市科技局；任务：乙事\n"
        "二、其他方面\n某市教育局\n2024年1月2日"
    )
    assert paths(document) == ["网页信息", "标题", "主送", "第1段", "表第1行", "表第2行", "表第3行", "落款"]
    assert values(document, "index_number") == ["000014349/2019-00003"]
    assert document.title == "关于某事的通知"


def test_a_table_of_bare_labels_above_the_document_is_its_metadata() -> None:
    page = (
        "<body><table><tr><td>索引号</td><td>LS01/2024-3</td><td>发文机关</td><td>临水县教育局</td></tr>"
        "<tr><td>发文字号</td><td>临教发〔2024〕3号</td><td>成文日期</td><td>2024年5月6日</td></tr></table>"
        "<h1>关于检修校舍的通知</h1><p>（本件只发纸质，网上留存。）</p><p>各中小学：</p><p>请于8月底前完成。</p></body>"
    )
    document = parsed(page, "a.html")
    assert (document.title, document.number) == ("关于检修校舍的通知", "临教发〔2024〕3号")
    assert values(document, "issued_on") == ["2024-05-06"]
    assert values(document, "addressee") == ["各中小学"]


def test_a_table_with_such_a_heading_is_data() -> None:
    page = (
        "<body><h1>文件目录</h1><table><tr><td>序号</td><td>发文字号</td><td>标题</td><td>发文日期</td></tr>"
        "<tr><td>1</td><td>临教发〔2024〕3号</td><td>关于检修校舍的通知</td><td>5月6日</td></tr></table></body>"
    )
    assert "序号：1；发文字号：临教发〔2024〕3号；标题：关于检修校舍的通知" in parsed(page, "a.html").text


def test_a_page_without_a_known_container_loses_no_paragraph() -> None:
    page = (
        "<body><ul><li><a href=#>首页</a></li></ul><div>"
        "<p>关于某事的函</p><p>市科技局：</p><p>来函收悉，同意。</p></div><p>版权所有：某网</p></body>"
    )
    assert parsed(page, "a.html").text == "关于某事的函\n市科技局：\n来函收悉，同意。"


def test_merged_cells_stand_in_every_row() -> None:
    rows = [
        [Cell("单位", heading=True), Cell("任务", heading=True), Cell("时限", heading=True)],
        [Cell("市科技局", rows=2), Cell("甲"), Cell("6月", rows=3)],
        [Cell("乙")],
        [Cell("市教育局", columns=2)],
    ]
    assert row_texts(rows) == [
        "单位：市科技局；任务：甲；时限：6月",
        "单位：市科技局；任务：乙；时限：6月",
        "单位：市教育局；时限：6月",
    ]


def test_a_table_without_names_keeps_its_cells() -> None:
    assert row_texts([[Cell("1"), Cell("甲")], [Cell("2"), Cell("乙")]]) == ["1；甲", "2；乙"]


def _pdf(pages: list[list[tuple[int, str]]], **options: object) -> bytes:
    """A PDF with a Chinese text layer; each line at an indent in characters, 28 to a full line."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen import canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    sheet = canvas.Canvas(target, **options)  # type: ignore[arg-type]
    for lines in pages:
        sheet.setFont("STSong-Light", 16)
        for row, (indent, text) in enumerate(lines):
            sheet.drawString(70 + 16 * indent, 780 - 28 * row, text)
        sheet.showPage()
    sheet.save()
    return target.getvalue()


LONG = "为推动产教融合发展落实有关部署结合本市实际制定本方案请认真"  # 28 characters


def test_pdf_lines_are_joined_and_running_lines_left_out() -> None:
    data = _pdf(
        [
            [
                (8, "某某建设方案（内部）"),
                (9, "某某市建设方案"),
                (2, LONG[:26]),
                (0, "执行。"),
                (2, "一、任务"),
                (2, LONG[:26]),
                (12, "— 1 —"),
            ],
            [(8, "某某建设方案（内部）"), (0, "落实到人。"), (2, "二、保障"), (2, "落实经费。"), (12, "— 2 —")],
        ]
    )
    document = parsed(data, "a.pdf")
    assert document.text == f"某某市建设方案\n{LONG[:26]}执行。\n一、任务\n{LONG[:26]}落实到人。\n二、保障\n落实经费。"
    assert document.title == "某某市建设方案"
    assert document.page_of(document.text.index("执行")) == 1
    assert document.page_of(document.text.index("落实到人")) == 2
    assert body(document) == ["导语", "一", "二"]


def test_a_picture_without_text_is_a_loss_that_says_so() -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    target = io.BytesIO()
    sheet = canvas.Canvas(target)
    pixels = b"P6 2 2 255 " + bytes(12)
    for _ in range(2):
        sheet.drawImage(ImageReader(io.BytesIO(pixels)), 0, 0, 500, 700)
        sheet.showPage()
    sheet.save()
    document, problems = parse("scan.pdf", target.getvalue())
    assert document is None
    assert [(p.place, p.lost, "OCR" in p.reason) for p in problems] == [("第1–2页", True, True)]


def test_an_encrypted_pdf_is_a_problem() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    data = _pdf([[(0, "关于某事的通知")]], encrypt=StandardEncryption("secret", strength=40))
    document, problems = parse("a.pdf", data)
    assert document is None
    assert problems[0].lost


def test_pages_beyond_the_limit_are_a_loss() -> None:
    data = _pdf([[(0, f"第{n}部分的内容如下。")] for n in "甲乙丙"])
    document, problems = parse("a.pdf", data, Limits(max_pages=2))
    assert document is not None
    assert "丙" not in document.text
    assert [(p.place, p.lost) for p in problems] == [("第3页起", True)]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.xyz", b"text", "格式不支持"),
        ("noext", b"text", "格式不支持"),
        ("a.txt", b"", "没有可收入的文字"),
        ("a.txt", b" \n ", "没有可收入的文字"),
        ("a.html", b"", "没有可收入的文字"),
        ("a.pdf", b"no pdf at all", "无法解析"),
    ],
)
def test_what_cannot_be_taken_is_a_problem(name: str, data: bytes, reason: str) -> None:
    document, problems = parse(name, data)
    assert document is None
    assert problems[0].lost
    assert problems[0].source == name
    assert reason in problems[0].reason


@pytest.mark.parametrize(
    ("name", "suffix"),
    [("通知.pdf", ".docx"), ("通知.txt", ".docx"), ("通知.dat", ".docx"), ("通知", ".docx"), ("方案第1.2版", ".docx")],
)
def test_the_content_decides_where_the_name_lies(name: str, suffix: str) -> None:
    document, problems = with_problems(docx(p("关于某事的通知", centred=True), p("一、请办理。")), name)
    assert body(document) == ["一"]
    assert [(x.lost, suffix in x.reason and "已按内容读取" in x.reason) for x in problems] == [(False, True)]


def test_text_without_a_suffix_is_read_where_it_is_chinese() -> None:
    document, problems = with_problems("关于开展年度检查工作的通知\n各单位：\n请办理。\n", "第3号.2023")
    assert (document.kind, problems[0].lost) == ("通知", False)
    assert with_problems("关于开展年度检查工作的通知\n请办理。\n", "正常.txt")[1] == ()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a.rar", "解压"),
        ("a.pptx", "另存为 PDF"),
        ("a.caj", "PDF"),
        ("a.heic", ".jpg"),
        ("a.et", ".xlsx"),
        ("a.msg", ".eml"),
        ("a.mp4", "文字稿"),
        ("a.lnk", "所指的文件"),
        ("a.xyz", "另存为"),
        ("a", "扩展名"),
    ],
)
def test_a_format_that_is_not_taken_says_what_to_do(name: str, advice: str) -> None:
    (problem,) = parse(name, b"\x00\x01\x02")[1]
    assert problem.reason.startswith("格式不支持：")
    assert advice in problem.reason


def test_limits_are_kept() -> None:
    assert "文件过大" in parse("a.txt", b"x" * 11, Limits(max_bytes=10))[1][0].reason
    assert "文字过多" in parse("a.txt", b"x" * 11, Limits(max_characters=10))[1][0].reason


@settings(max_examples=120, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from(sorted(PARSERS)),
    st.sampled_from([b"", b"%PDF-1.4\n", b"<html><table>", b"\xff\xfe", b"| a |\n|-|\n"]),
)
def test_no_bytes_raise(data: bytes, suffix: str, start: bytes) -> None:
    document, problems = parse("a" + suffix, start + data)
    assert document is not None or problems
    assert parse("a" + suffix, start + data) == (document, problems)


@given(st.binary(max_size=300))
def test_decoding_never_raises(data: bytes) -> None:
    text, troubles = decode(data, declared=True)
    text.encode()
    assert not troubles or "�" in text or text == ""  # what is mostly control characters is no text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/=\"' abdiptrv表国，。\n&;#x1", max_size=200))
def test_broken_markup_is_survived(text: str) -> None:
    document, _ = parse("a.html", text.encode())
    if document is not None:
        parsed(text, "a.html")


def test_kinds_of_blocks_are_told_apart() -> None:
    assert {k.value for k in BlockKind} == {"paragraph", "heading", "table_row"}


DEEP = {
    "boxes": "<div class='content'>正文。<p>一段</p>",
    "tables": "<table><tr><td>甲</td><td>乙",
    "boxes in a cell": "<table><tr><td>" + "<div>甲" * 3,
    "lists": "<dl><dt>发布日期：<dd>2024年",
}


@pytest.mark.parametrize("piece", DEEP.values(), ids=DEEP)
def test_nested_pages_take_time_in_proportion_to_their_size(piece: str) -> None:
    """Half a megabyte of nesting took up to six seconds by rules that looked up or down the whole tree for each box."""
    page = ("<html><body>" + piece * (500_000 // len(piece.encode()))).encode()
    began = process_time()
    _, problems = parse("a.html", page)
    assert process_time() - began < 3
    # The library goes no deeper than 2,000 elements: what lies below is not lost without a word.
    assert any("嵌套过深" in p.reason and p.lost for p in problems)


FORM = """<html><body><h1>第12号提案</h1><table>
<tr><td>案　由</td><td colspan=3>关于建设公园的提案</td></tr>
<tr><td>提案人</td><td>甲某</td><td>界别</td><td>科技界</td></tr>
<tr><td>联系电话</td><td></td><td>邮编</td><td></td></tr>
<tr><td>内容</td><td colspan=3><p>一、现状。公园少。</p><p>二、建议。多建公园。</p></td></tr>
</table></body></html>"""


def test_a_form_on_a_page_is_head_lines_and_text_not_a_table_of_data() -> None:
    document = parsed(FORM, "a.html")
    assert document.kind == "提案"
    assert values(document, "title") == ["关于建设公园的提案"]
    assert [clause.span.of(document.text) for clause in document.clauses] == [
        "第12号提案", "案由：关于建设公园的提案", "提案人：甲某", "界别：科技界", "联系电话：；邮编：", "内容",
        "一、现状。公园少。", "二、建议。多建公园。",
    ]  # fmt: skip


def test_a_table_whose_first_row_is_all_labels_is_no_form() -> None:
    page = "<table><tr><td>姓名</td><td>单位</td></tr><tr><td>甲某</td><td>市教育局</td></tr></table>"
    assert "姓名：甲某；单位：市教育局" in parsed(f"<html><body><h1>名单</h1>{page}", "a.html").text


def test_lists_that_are_printed_in_two_columns_are_one_row_an_entry() -> None:
    header, *rows = [
        [Cell(text) for text in line.split()]
        for line in ("姓名 单位 姓名 单位", "甲某 教育局 丙某 水利局", "乙某 财政局")
    ]
    assert row_texts([header, rows[0], [*rows[1], Cell(""), Cell("")]]) == [
        "姓名：甲某；单位：教育局", "姓名：丙某；单位：水利局", "姓名：乙某；单位：财政局",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["通知", "李喆", "朱镕基", "王玥\t李珺\n", "姓名：喆喆", "甲某，瑢玥", "会议\n"])
def test_short_texts_of_rare_names_are_chinese(text: str) -> None:
    """A list of names was read as Korean, and 通知 as UTF-8, which its bytes are by chance."""
    assert decode(text.encode("gb18030"))[0] == text


@pytest.mark.parametrize(("text", "encoding"), [("陳先生", "big5"), ("Café", "utf-8"), ("Привет", "utf-8")])
def test_short_texts_of_others_stay_theirs(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["省级", "三百万元"], ["市级", "200万元"]], ["省级：三百万元", "市级：200万元"]),
        ([["项目", "金额", "备注"], ["楼", "3亿元", "新建"]], ["项目：楼；金额：3亿元；备注：新建"]),
        ([["单位", "2023年"], ["市教育局", "12人"]], ["单位：市教育局；2023年：12人"]),
        ([["甲局", "12人", "5%"], ["乙局", "9人", "3%"]], ["甲局；12人；5%", "乙局；9人；3%"]),
    ],
)
def test_a_row_of_values_names_no_columns(rows: list[list[str]], expected: list[str]) -> None:
    assert row_texts([[Cell(text) for text in row] for row in rows]) == expected
