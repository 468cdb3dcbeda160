from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsing import body, heading, parsed, paths, values, with_problems
from word_files import (
    OFFICIAL,
    complex_field,
    deleted,
    docx,
    inserted,
    moved,
    note_mark,
    numbering,
    p,
    r,
    style,
    styles,
    table,
    tc,
    text_box,
    tr,
    zipped,
)

from ingest.formats.docx import parse_docx
from ingest.formats.docx.counting import render
from ingest.formats.model import Block, BlockKind, Limits
from ingest.parse import parse


def blocks(data: bytes) -> tuple[Block, ...]:
    return parse_docx(data, Limits()).blocks


def texts(data: bytes) -> list[str]:
    return [block.text for block in blocks(data)]


def reasons(data: bytes, name: str = "a.docx") -> list[str]:
    return [problem.reason for problem in parse(name, data)[1]]


# Numbering -------------------------------------------------------------------------------------------------------


def test_automatic_numbers_are_written_out_and_open_clauses() -> None:
    data = docx(
        p("关于某事的通知", centred=True),
        p("各单位："),
        p("现通知如下。"),
        p("工作目标", num=(1, 0)),
        p("目标甲。", num=(1, 1)),
        p("目标乙。", num=(1, 1)),
        p("主要任务", num=(1, 0)),
        p("建设基地", num=(1, 1)),
        p("启动一个。", num=(1, 2)),
        p("建成一个。", num=(1, 2)),
        p("完成验收。", num=(1, 3)),
        p("培训人员", num=(1, 1)),
        p("开班。", num=(1, 2)),
        p("某市教育局"),
        p("2024年1月2日"),
        numbering=numbering(OFFICIAL),
    )
    document = parsed(data, "a.docx")
    assert document.text.splitlines()[3:8] == [
        "一、工作目标",
        "（一）目标甲。",
        "（二）目标乙。",
        "二、主要任务",
        "（一）建设基地",
    ]
    assert body(document)[1:] == [
        *(
            "一",
            "一（一）",
            "一（二）",
            "二",
            "二（一）",
            "二（一）1",
            "二（一）2",
            "二（一）2（1）",
            "二（二）",
            "二（二）1",
        ),
    ]
    assert heading(document, "二") == "主要任务"


def test_the_tree_is_that_of_typed_numbers() -> None:
    lines = ["一、工作目标", "（一）目标甲。", "二、主要任务", "1.启动。", "2.建成。"]
    automatic = docx(
        p("某方案", centred=True),
        *(
            p(text, num=(1, level))
            for text, level in (("工作目标", 0), ("目标甲。", 1), ("主要任务", 0), ("启动。", 2), ("建成。", 2))
        ),
        numbering=numbering(OFFICIAL),
    )
    document, typed = parsed(automatic, "a.docx"), parsed("\n".join(["某方案", *lines]))
    assert document.text == typed.text
    assert [(c.path, c.heading, c.span) for c in document.clauses] == [
        (c.path, c.heading, c.span) for c in typed.clauses
    ]


def test_a_deeper_list_starts_anew_under_each_number_unless_told_otherwise() -> None:
    levels = (("decimal", "%1"), ("decimal", "%1.%2"))
    order = [p("x", num=(1, level)) for level in (0, 1, 1, 0, 1)]
    assert texts(docx(*order, numbering=numbering(levels))) == ["1 x", "1.1 x", "1.2 x", "2 x", "2.1 x"]
    never = numbering(levels, extra={1: '<w:lvlRestart w:val="0"/>'})
    assert texts(docx(*order, numbering=never)) == ["1 x", "1.1 x", "1.2 x", "2 x", "2.3 x"]


def test_a_level_that_was_passed_over_counts_as_begun() -> None:
    order = [p("甲", num=(1, level)) for level in (0, 2, 1, 2)]
    assert texts(docx(*order, numbering=numbering(OFFICIAL))) == ["一、甲", "1.甲", "（二）甲", "1.甲"]


@pytest.mark.parametrize(
    ("pattern", "text", "line"),
    [
        ("%1、", "5G基地", "一、5G基地"),
        ("（%1）", "2024年", "（一）2024年"),
        ("%1.", "“双高”建设", "一.“双高”建设"),
        ("%1.", "5G基地", "一. 5G基地"),
        ("第%1条", "为了", "第一条\u3000为了"),
        ("%1", "为了", "一\u3000为了"),
        ("Part %1 ", "x", "Part 一\u3000x"),
        ("", "为了", "为了"),
        ("%1%2%3、", "为了", "一、为了"),
        ("字" * 101, "为了", "为了"),
    ],
)
def test_a_number_and_its_text_are_joined_as_documents_write_them(pattern: str, text: str, line: str) -> None:
    assert texts(docx(p(text, num=(1, 0)), numbering=numbering((("chineseCounting", pattern),)))) == [line]


def test_a_custom_format_falls_back_to_one_that_all_know() -> None:
    choice = '<mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="001"/></mc:Choice>'
    choice += '<mc:Fallback><w:numFmt w:val="decimalZero"/></mc:Fallback></mc:AlternateContent>'
    found = numbering((("decimal", "%1."),)).replace('<w:numFmt w:val="decimal"/>', choice)
    assert texts(docx(p("甲", num=(1, 0)), numbering=found)) == ["01.甲"]


def test_lists_of_one_definition_count_on_and_an_override_starts_anew() -> None:
    one = (("chineseCounting", "第%1条"),)
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    order = [p("x", num=(number, 0)) for number in (1, 1, 2, 3, 3)]
    found = texts(docx(*order, numbering=numbering(one, same=(1, 1), overrides={3: restart})))
    assert found == ["第一条\u3000x", "第二条\u3000x", "第三条\u3000x", "第五条\u3000x", "第六条\u3000x"]


def test_an_override_may_replace_a_level() -> None:
    other = '<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1)"/></w:lvl>'
    found = numbering((("decimal", "%1."),), overrides={1: other + "</w:lvlOverride>"})
    assert texts(docx(p("甲", num=(1, 0)), p("乙", num=(1, 0)), numbering=found)) == ["I)甲", "II)乙"]


def test_numbers_come_from_styles_and_their_bases() -> None:
    linked = {0: '<w:pStyle w:val="Top"/>', 1: '<w:pStyle w:val="Deep"/>'}
    number = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    sheet = styles(
        style("Top", "heading 1", properties=number + '<w:outlineLvl w:val="0"/>'),
        style("Deep", based_on="Top", properties='<w:outlineLvl w:val="1"/>'),
        style("Plain", based_on="Top", properties='<w:numPr><w:numId w:val="0"/></w:numPr>'),
    )
    data = docx(
        *(p(s, style=s) for s in ("Top", "Deep", "Deep", "Top", "Plain")),
        p("own", style="Top", num=(0, 0)),
        numbering=numbering(OFFICIAL, extra=linked),
        styles=sheet,
    )
    assert texts(data) == ["一、Top", "（一）Deep", "（二）Deep", "二、Top", "Plain", "own"]
    assert [(b.kind, b.level) for b in blocks(data)[:2]] == [(BlockKind.HEADING, 1), (BlockKind.HEADING, 2)]


def test_styles_in_a_circle_end() -> None:
    sheet = styles(style("A", based_on="B"), style("B", based_on="A"))
    assert texts(docx(p("甲", style="A"), styles=sheet)) == ["甲"]


def test_bullets_are_layout_and_empty_numbered_lines_count_without_text() -> None:
    lists = numbering((("bullet", "\uf06c"),), (("decimal", "%1."),))
    data = docx(p("甲", num=(1, 0)), p("乙", num=(2, 0)), p(num=(2, 0)), p("丙", num=(2, 0)), numbering=lists)
    assert texts(data) == ["甲", "1.乙", "3.丙"]


@pytest.mark.parametrize(
    ("form", "number", "written"),
    [
        ("chineseCounting", 21, "二十一"),
        ("chineseCountingThousand", 103, "一百零三"),
        ("taiwaneseCountingThousand", 10, "十"),
        ("japaneseCounting", 12, "十二"),
        ("chineseLegalSimplified", 13, "壹拾叁"),
        ("taiwaneseDigital", 20, "二〇"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("decimalEnclosedCircleChinese", 3, "③"),
        ("decimalEnclosedCircle", 21, "㉑"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerLetter", 28, "bb"),
        ("ordinal", 22, "22nd"),
        ("none", 4, ""),
        ("somethingNew", 4, "4"),
        ("chineseCounting", 0, "0"),
        ("chineseCounting", 999_999_999, "999999999"),
        ("decimalEnclosedCircle", 51, "51"),
    ],
)
def test_formats_of_numbers(form: str, number: int, written: str) -> None:
    assert render(number, form) == written


# Changes, fields, characters -------------------------------------------------------------------------------------


def test_insertions_stay_deletions_go_and_are_counted() -> None:
    left, right = moved("按期")
    data = docx(p("由", deleted("市教育局"), inserted("市科技局"), "牵头", left, "完成", right, "。"))
    assert texts(data) == ["由市科技局牵头完成按期。"]
    assert reasons(data) == ["文中有未接受的修订：插入的文字已收入，2 处删除的文字未收入"]


def test_a_deleted_paragraph_mark_joins_and_a_deleted_paragraph_has_no_number() -> None:
    data = docx(
        p("甲事", num=(1, 0), mark_deleted=True),
        p("项", num=(1, 0)),
        p(deleted("乙"), num=(1, 0), mark_deleted=True),
        p("丙", num=(1, 0)),
        numbering=numbering(OFFICIAL),
    )
    assert texts(data) == ["一、甲事项", "二、丙"]


def test_results_of_fields_stay_and_their_codes_go() -> None:
    nested = complex_field('IF 1 = 1 "' + "甲" + '"', "乙")
    data = docx(p("见", complex_field('HYPERLINK "http://x"', "附件"), "，", nested, "。"))
    assert texts(data) == ["见附件，乙。"]
    assert texts(docx(p(complex_field("EQ \\o\\ac(○,3)", None), "项目"))) == ["③项目"]
    assert reasons(docx(p("甲", complex_field("EQ \\f(1,2)", None)))) == ["有 1 个公式域未收入"]


def test_a_field_that_is_never_closed_hides_nothing_after_its_paragraph() -> None:
    data = docx(p("甲", '<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "乙"), p("丙"))
    assert texts(data) == ["甲", "丙"]


def test_the_table_of_contents_opens_no_clauses() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>'
    data = docx(
        p("某方案", centred=True),
        p(begin + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "一、目标\t2"),
        p("二、任务\t3", '<w:r><w:fldChar w:fldCharType="end"/></w:r>'),
        p("一、目标"),
        p("达到。"),
        p("二、任务"),
        p("完成。"),
    )
    assert texts(data)[1:3] == ["一、目标…………2", "二、任务…………3"]
    assert [c.label for c in parsed(data, "a.docx").clauses if c.label] == ["一、", "二、"]


def test_breaks_tabs_symbols_and_hidden_text() -> None:
    symbols = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Unknown" w:char="F041"/></w:r>'
    data = docx(
        p("第一条\t为了", "\n", "规范", symbols), p("甲", r("看不见", "<w:vanish/>"), r("乙", '<w:vanish w:val="0"/>'))
    )
    assert texts(data) == ["第一条 为了", "规范☑�", "甲乙"]
    assert reasons(data) == ["有 3 字隐藏文字未收入", "有 1 个特殊字体的符号无法识别，以“�”代替"]


# Boxes, notes, headers -------------------------------------------------------------------------------------------


def test_a_text_box_is_read_once_and_a_red_head_stands_first() -> None:
    data = docx(
        p("关于某事的通知", text_box(p("某市教育局文件")), centred=True),
        p("正文甲。", text_box(p("说明"), p("补充"))),
        p("正文乙。"),
    )
    assert texts(data) == ["某市教育局文件", "关于某事的通知", "正文甲。", "说明", "补充", "正文乙。"]


def test_notes_follow_the_paragraph_that_refers_to_them() -> None:
    data = docx(
        p("关于某事的通知", note_mark(1), centred=True),
        p("正文", note_mark(2), "甲", note_mark(1, "endnote"), "。"),
        p("正文乙。", note_mark(9)),
        footnotes=[p("题注。"), p("解释。")],
        endnotes=[p("出处。")],
    )
    assert texts(data) == ["关于某事的通知", "正文甲。", "注1：题注。", "注2：解释。", "尾注1：出处。", "正文乙。"]
    assert reasons(data) == ["有 1 个脚注或尾注找不到内容"]


def test_notes_that_name_themselves_and_each_other_are_written_once() -> None:
    twice = p("甲", note_mark(1), note_mark(2), note_mark(1))
    data = docx(p("正文。", note_mark(1)), p("后文。", note_mark(2)), footnotes=[twice, twice])
    assert texts(data) == ["正文。", "注1：甲", "注2：甲", "后文。"]


def test_hostile_chains_end_in_time() -> None:
    chain = [p("x", note_mark(i + 2)) for i in range(1500)]
    assert len(texts(docx(p("甲", note_mark(1)), footnotes=chain))) == 1501
    field = '<w:r><w:fldChar w:fldCharType="begin"/><w:fldChar w:fldCharType="separate"/></w:r>'
    assert len(texts(docx(*(p(field, "甲") for _ in range(3000))))) == 3000


def test_a_control_that_waits_for_text_has_none() -> None:
    waiting = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    filled = waiting.replace("<w:showingPlcHdr/>", "")
    data = docx(
        p("甲", waiting.format(r("单击此处")), filled.format(r("乙"))),
        waiting.format(p("单击此处")),
        filled.format(p("丙")),
    )
    assert texts(data) == ["甲乙", "丙"]


def test_headers_give_what_belongs_to_the_document() -> None:
    page = p("— ", complex_field("PAGE", "1"), " —", centred=True)
    data = docx(
        p("关于某事的通知", centred=True),
        p("各单位："),
        p("请执行。"),
        headers={
            "first": p("某市教育局文件", centred=True) + p("某教发〔2024〕3号", centred=True),
            "default": p("关于某事的通知") + p("内部资料 注意保存"),
        },
        footers={"default": page, "even": page + p("抄送：市科技局。")},
    )
    parsed_file = parse_docx(data, Limits())
    assert [b.text for b in parsed_file.blocks] == [
        *("某市教育局文件", "某教发〔2024〕3号", "关于某事的通知", "各单位：", "请执行。", "抄送：市科技局。"),
    ]
    assert parsed_file.metadata == (("页眉", "内部资料 注意保存"),)
    document = parsed(data, "a.docx")
    assert paths(document) == ["页眉页脚", "文头", "文号", "标题", "主送", "第1段", "抄送"]
    assert document.number == "某教发〔2024〕3号"
    assert values(document, "title") == ["关于某事的通知"]


def test_a_first_page_header_that_is_not_shown_is_not_read() -> None:
    data = docx(p("甲。"), headers={"first": p("旧文头文件")})
    assert texts(data) == ["旧文头文件", "甲。"]
    hidden = docx(p("甲。"), headers={"first": p("旧文头文件")}, section='<w:titlePg w:val="0"/>')
    assert texts(hidden) == ["甲。"]


def test_a_secrecy_mark_in_the_header_refuses_the_file() -> None:
    document, problems = parse("a.docx", docx(p("关于某事的通知"), p("请执行。"), headers={"default": p("机密★1年")}))
    assert document is None
    assert "密级标志" in problems[0].reason


# Tables ----------------------------------------------------------------------------------------------------------


def test_tables_are_rows_of_named_cells_with_merges_filled() -> None:
    data = docx(
        p("任务清单", centred=True),
        table(
            ("序号", "任务", "牵头单位", "时限"),
            ("1", "甲事", tc("市科技局", merge="restart"), "6月底前"),
            ("2", "乙事", tc(merge="continue"), "年底前"),
            (tc("二、其他", columns=4),),
            ("3", tc("丙事", "丁事"), tc("市教育局", "市人社局"), ""),
        ),
    )
    document = parsed(data, "a.docx")
    assert document.text.splitlines()[1:] == [
        "序号：1；任务：甲事；牵头单位：市科技局；时限：6月底前",
        "序号：2；任务：乙事；牵头单位：市科技局；时限：年底前",
        "二、其他",
        "序号：3；任务：丙事 丁事；牵头单位：市教育局 市人社局",
    ]
    assert body(document) == ["表第1行", "表第2行", "表第3行", "表第4行"]


def test_a_form_gives_head_lines() -> None:
    data = docx(
        p("某市政协提案", centred=True),
        table(
            ("案　号", "第12号", "类　别", "教育"),
            ("提案人", tc("张三", columns=3)),
            ("案由", tc("关于建设某基地的建议", columns=3)),
            ("备注", tc(columns=3)),
            ("提案内容", tc(p("一、问题"), p("设备闲置。"), p("二、建议"), p("统筹使用。"), columns=3)),
            (tc("审查意见", columns=4),),
        ),
    )
    document, problems = with_problems(data, "a.docx")
    assert document.text.splitlines() == [
        *("某市政协提案", "案号：第12号", "类别：教育", "提案人：张三", "案由：关于建设某基地的建议"),
        *("提案内容", "一、问题", "设备闲置。", "二、建议", "统筹使用。", "审查意见"),
    ]
    assert [c.label for c in document.clauses if c.label] == ["一、", "二、"]
    assert document.title == "关于建设某基地的建议"
    assert [p.reason for p in problems] == ["表格中有 1 个栏目没有填写，未收入"]


def test_a_list_of_names_is_no_form() -> None:
    data = docx(table(("姓名", "单位", "职务"), ("张三", "市科技局", "局长"), ("李四", "市教育局", "处长")))
    assert texts(data)[0] == "姓名：张三；单位：市科技局；职务：局长"


def test_a_header_of_two_rows_names_the_columns_by_both() -> None:
    top, below = (
        (tc("序号", merge="restart"), tc("任务", merge="restart")),
        (tc(merge="continue"), tc(merge="continue")),
    )
    data = docx(
        table(
            tr(*top, tc("责任单位", columns=2), tc("2024年", columns=2)),
            tr(*below, "牵头", "配合", "上半年", "下半年"),
            ("1", "建基地", "市科技局", "市教育局", "启动", "建成"),
        )
    )
    assert texts(data) == [
        "序号：1；任务：建基地；牵头单位：市科技局；配合单位：市教育局；2024年·上半年：启动；2024年·下半年：建成"
    ]


def test_cells_that_only_hold_an_automatic_number_have_it() -> None:
    serial = tc(p(num=(1, 0)))
    data = docx(table(("序号", "任务"), (serial, "甲"), (serial, "乙")), numbering=numbering((("decimal", "%1"),)))
    assert texts(data) == ["序号：1；任务：甲", "序号：2；任务：乙"]


def test_tracked_rows_inner_tables_and_tables_for_layout() -> None:
    inner = table(("项", "值"), ("甲", "一"), ("乙", "二"))
    data = docx(
        table(
            ("序号", "内容"), ("1", tc("见内表", inner)), tr("2", "删去的", properties='<w:del w:id="1"/>'), ("3", "末")
        ),
        table((tc(p("某市教育局"), p("2024年1月2日")),)),
    )
    assert texts(data) == [
        *(
            "序号：1；内容：见内表",
            "序号：3；内容：末",
            "项：甲；值：一",
            "项：乙；值：二",
            "某市教育局",
            "2024年1月2日",
        ),
    ]
    assert [b.table for b in blocks(data)] == [1, 1, 2, 2, None, None]


def test_merged_cells_do_not_multiply_text_beyond_the_limit() -> None:
    rows = [("1", tc("字" * 1000, merge="restart")), *(("2", tc(merge="continue")) for _ in range(200))]
    parsed_file = parse_docx(docx(table(*rows)), Limits(max_characters=100_000))
    assert parsed_file.blocks == ()
    assert "文字过多" in parsed_file.troubles[0].reason


# What is refused -------------------------------------------------------------------------------------------------

_DOCTYPE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "已损坏"),
        (b"PK\x03\x04rubbish", "已损坏"),
        (docx(p("甲"))[:-60], "已损坏"),
        (zipped({"a.txt": b"x"}), "没有正文"),
        (zipped({"word/document.xml": b"<a/>"}), "正文为空"),
        (docx(p("甲"), members={"word/document.xml": b"<w:document"}), "已损坏"),
        (docx(p("甲"), members={"word/document.xml": _DOCTYPE}), "DTD"),
        (docx(p("甲"), members={"word/document.xml": _DOCTYPE.decode().encode("utf-16")}), "DTD"),
        (docx(p("甲"), members={"word/document.xml": b" " * 8_000_000}), "压缩比"),
        (docx(p("甲"), members={f"x/{i}": b"" for i in range(5001)}), "文件过多"),
        (docx(p("甲"), members={"word/document.xml": b"<a>" * 100_000}), "已损坏"),
    ],
    ids="empty rubbish cut other root xml dtd utf-16 bomb members deep".split(),
)
def test_bad_files_are_refused_with_a_reason(data: bytes, reason: str) -> None:
    parsed_file = parse_docx(data, Limits())
    assert parsed_file.blocks == ()
    (trouble,) = parsed_file.troubles
    assert trouble.lost
    assert reason in trouble.reason


@pytest.mark.parametrize("name", ["a.docm", "a.dotm", "a.docx"])
def test_macros_are_neither_run_nor_read_and_named(name: str) -> None:
    """The one rule for programs in files, of whatever format: see docs/intake.md."""
    data = docx(p("甲方负责。"), members={"word/vbaProject.bin": b"x"})
    document, problems = parse(name, data)
    assert document is not None
    assert document.text == "甲方负责。"
    assert [(p.reason, p.lost) for p in problems] == [("文件含宏；宏没有运行，也没有收入", False)]


def test_pictures_are_named_and_a_file_of_pictures_alone_is_a_problem() -> None:
    picture = "<w:r><w:drawing><a:graphic><a:graphicData><a:blip/></a:graphicData></a:graphic></w:drawing></w:r>"
    assert reasons(docx(p("甲。", picture))) == ["有 1 幅图片，图中的文字未收入"]
    document, problems = parse("a.docx", docx(p(picture)))
    assert document is None
    assert "只有图片" in problems[0].reason


def _drawn(kind: str, xml: str) -> bytes:
    """A Word file with one graphic, whose words stand in a part of their own."""
    graphic = (
        f'<w:r><w:drawing><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/{kind}">'
        '<a:relIds r:dm="rId9" r:id="rId9"/></a:graphicData></a:graphic></w:drawing></w:r>'
    )
    part = "diagramData" if kind == "diagram" else kind
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{part}" Target="g.xml"/>'
        "</Relationships>"
    )
    names = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    names += f' xmlns:g="http://schemas.openxmlformats.org/drawingml/2006/{kind}"'
    xml = xml.replace(">", f" {names}>", 1)
    members = {"word/_rels/document.xml.rels": relations.encode(), "word/g.xml": xml.encode()}
    return docx(p("一、架构如图。"), p(graphic), p("二、其他。"), members=members)


def test_the_words_of_diagrams_and_charts_stand_where_they_are_drawn() -> None:
    point = "<g:pt><g:t><a:p><a:r><a:t>{}</a:t></a:r></a:p></g:t></g:pt>"
    inner = point.format("理事会") + point.format("秘书处")
    data = _drawn("diagram", f"<g:dataModel><g:ptLst>{inner}</g:ptLst></g:dataModel>")
    assert texts(data) == ["一、架构如图。", "理事会", "秘书处", "二、其他。"]
    assert reasons(data) == []
    series = (
        "<g:ser><g:tx><g:v>产值</g:v></g:tx><g:cat><g:v>2023年</g:v><g:v>2024年</g:v></g:cat>"
        "<g:val><g:v>3.5</g:v><g:v>4</g:v></g:val></g:ser>"
    )
    chart = f"<g:chartSpace><g:title><a:p><a:r><a:t>产值变化</a:t></a:r></a:p></g:title>{series}</g:chartSpace>"
    assert texts(_drawn("chart", chart))[1:4] == ["产值变化", "2023年：产值 3.5", "2024年：产值 4"]
    assert reasons(_drawn("chart", "<g:chartSpace></g:chartSpace>")) == ["有 1 个图表或图示，其中的文字未收入"]


def test_strict_files_are_read_as_well() -> None:
    usual = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    xml = f'<w:document xmlns:w="{usual.decode()}"><w:body>{p("甲。")}</w:body></w:document>'.encode()
    strict = xml.replace(usual, b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    assert texts(docx(members={"word/document.xml": strict})) == ["甲。"]


SAMPLE = docx(
    p("关于某事的通知", text_box(p("某局文件")), centred=True),
    p("目标", note_mark(1), inserted("甲"), deleted("乙"), num=(1, 0)),
    table(("序号", "任务"), ("1", tc("甲", merge="restart")), ("2", tc(merge="continue"))),
    numbering=numbering(OFFICIAL),
    styles=styles(style("A", "heading 1")),
    headers={"default": p("页眉")},
    footnotes=[p("注")],
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise(data: st.DataObject) -> None:
    damaged = bytearray(SAMPLE)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    document, problems = parse("a.docx", bytes(damaged))
    assert document is not None or problems


# Without private characters: those are symbols of fonts.
_RUN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Cf", "Co")), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_RUN, st.integers(0, 3), st.booleans()), max_size=12))
def test_every_character_of_a_paragraph_is_in_a_clause(items: list[tuple[str, int, bool]]) -> None:
    data = docx(
        *(p(r(text), num=(1, level) if on else None) for text, level, on in items), numbering=numbering(OFFICIAL)
    )
    found = "".join("".join(texts(data)).split())
    for text, _, _ in items:
        assert "".join(text.split()) in found
