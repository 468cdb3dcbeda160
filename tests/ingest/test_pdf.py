"""PDF pages with a text layer: lines, columns, paragraphs and tables by their places."""

from __future__ import annotations

from typing import Any

import pytest
from parsing import with_problems
from pdf_files import FONT, pdf_lines, pdf_of

from ingest.formats.model import BlockKind, Limits
from ingest.formats.pdf import parse_pdf
from ingest.parse import parse

FULL = "为推动产教融合发展落实有关部署结合本市实际制定本方案请认真贯彻"  # 30 characters, a full line


def texts(data: bytes) -> list[str]:
    parsed = parse_pdf(data, Limits())
    assert parsed.troubles == ()
    return [block.text for block in parsed.blocks]


def test_a_paragraph_is_joined_where_its_lines_are_full() -> None:
    data = pdf_lines([(2, FULL[:28]), (0, FULL), (0, "到底。"), (2, "第二段。")])
    assert texts(data) == [f"{FULL[:28]}{FULL}到底。", "第二段。"]


def test_a_line_that_ends_in_mid_sentence_goes_on_though_it_is_short() -> None:
    """Figures that may not be broken leave a full line short."""
    data = pdf_lines([(2, FULL[:28]), (0, FULL[:25]), (0, "100000000吨以上。"), (2, "第二段。")])
    assert texts(data) == [f"{FULL[:28]}{FULL[:25]}100000000吨以上。", "第二段。"]


def test_a_line_that_opens_a_marker_begins_a_paragraph() -> None:
    data = pdf_lines([(0, FULL), (0, "（一）落实经费。"), (0, FULL), (0, "1.建设基地。"), (0, FULL), (0, "收尾。")])
    assert texts(data) == [FULL, "（一）落实经费。", FULL, "1.建设基地。", f"{FULL}收尾。"]


def test_a_reference_at_the_head_of_a_line_is_no_marker() -> None:
    data = pdf_lines([(2, FULL[:28]), (0, FULL[:26] + "按照前款"), (0, "（三）的规定办理。"), (2, "第二段。")])
    assert texts(data) == [f"{FULL[:28]}{FULL[:26]}按照前款（三）的规定办理。", "第二段。"]


def test_items_with_a_hanging_indent_are_joined() -> None:
    data = pdf_lines([(0, "— " + FULL[:29]), (2, FULL[:28]), (2, "到底。"), (0, "— 另一项。")])
    assert texts(data) == [f"— {FULL[:29]}{FULL[:28]}到底。", "— 另一项。"]


def test_signature_and_title_lines_stand_alone() -> None:
    data = pdf_lines(
        [
            (10, "关于某事的通知"),
            (0, "各单位："),
            (2, FULL[:28]),
            (0, "执行。"),
            (22, "某市教育局"),
            (21, "2024年1月2日"),
        ]
    )
    assert texts(data) == ["关于某事的通知", "各单位：", f"{FULL[:28]}执行。", "某市教育局", "2024年1月2日"]


def test_a_word_cut_at_the_end_of_a_line_is_whole() -> None:
    data = pdf_lines(
        [(0, "The committee decided that all muni-"), (0, "cipal bodies have to report each year.")], left=60
    )
    assert texts(data) == ["The committee decided that all municipal bodies have to report each year."]


def test_running_heads_and_page_numbers_are_left_out() -> None:
    pages = [
        [(8, "某某建设方案（内部）"), (2, f"第{n}部分的内容写在这里。"), (2, "落实到人。" * k), (13, f"— {k} —")]
        for k, n in enumerate("一二三", 1)
    ]
    assert texts(pdf_lines(*pages)) == [
        line for k, n in enumerate("一二三", 1) for line in (f"第{n}部分的内容写在这里。", "落实到人。" * k)
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 12)
        canvas.drawString(180, 790, "某地工作简报第三期的总标题横跨两栏")
        for row in range(10):
            for column, name in enumerate("左右"):
                end = "完了。" if row == 9 else "写满了整整一行的文字，"
                canvas.drawString(60 + 250 * column, 750 - 20 * row, f"{name}栏的第{row}行{end}")
        canvas.showPage()

    title, left, right = texts(pdf_of(draw))
    assert title == "某地工作简报第三期的总标题横跨两栏"
    assert left == "".join(f"左栏的第{row}行{'完了。' if row == 9 else '写满了整整一行的文字，'}" for row in range(10))
    assert right == left.replace("左", "右")


def test_a_short_text_may_be_set_in_two_columns_as_well() -> None:
    left = ["一、加强社区养老服务。目前", "全市社区养老床位不足，需要", "由市民政局牵头制定标准，并", "按月调度。"]
    right = ["二、完善助餐网络。老年食堂", "覆盖率仅为三成，建议市财政", "局给予运营补贴，两年内实现", "街道全覆盖。"]

    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 14)
        for row, lines in enumerate(zip(left, right, strict=True)):
            for column, line in enumerate(lines):
                canvas.drawString(60 + 260 * column, 740 - 24 * row, line)
        canvas.showPage()

    assert texts(pdf_of(draw)) == ["".join(left), "".join(right)]


def test_text_across_the_page_is_named_and_breaks_no_line() -> None:
    lines = [(2, FULL[:28]), (0, FULL), (0, FULL), (0, FULL), (0, "到底。")]

    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 14)
        for row, (indent, text) in enumerate(lines):
            canvas.drawString(70 + 14 * indent, 780 - 24 * row, text)
        canvas.translate(120, 680)
        canvas.rotate(40)
        canvas.setFont(FONT, 60)
        canvas.drawString(0, 0, "内部资料")
        canvas.showPage()

    found = parse_pdf(pdf_of(draw), Limits())
    assert [block.text for block in found.blocks] == ["".join(text for _, text in lines)]
    assert [(t.place, t.reason, t.lost) for t in found.troubles] == [
        ("第1页", "斜排的文字（多为水印）未收入：内部资料", False)
    ]


def test_a_number_below_a_long_title_is_no_part_of_it() -> None:
    lines = [(0, FULL[:29]), (0, "某林发〔2025〕8号"), (2, FULL[:28]), (0, FULL), (0, "到底。")]
    assert texts(pdf_lines(lines))[:2] == [FULL[:29], "某林发〔2025〕8号"]


def test_a_few_short_lines_do_not_show_the_width_of_a_column() -> None:
    lines = ["关于做好校园招聘的函", "市人社局：", "请于3月20日前提供岗位。", "某市教育局"]
    assert texts(pdf_lines([(0, line) for line in lines])) == lines


def test_a_list_of_names_beside_units_is_no_pair_of_columns() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 12)
        for row in range(10):
            canvas.drawString(60, 750 - 20 * row, f"{row}号")
            canvas.drawString(300, 750 - 20 * row, f"某局第{row}处")
        canvas.showPage()

    assert texts(pdf_of(draw)) == [f"{row}号 某局第{row}处" for row in range(10)]


def _ruled(canvas: Any, rows: list[list[str]], top: float, *, merged: tuple[int, int] | None = None) -> None:
    """A table of 100-point columns and 24-point rows; ``merged`` leaves out the line under one cell."""
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            canvas.drawString(84 + 130 * c, top - 24 * r - 17, text)
    for r in range(len(rows) + 1):
        for c in range(len(rows[0])):
            if merged is None or (r - 1, c) != merged:
                canvas.line(80 + 130 * c, top - 24 * r, 210 + 130 * c, top - 24 * r)
    for c in range(len(rows[0]) + 1):
        canvas.line(80 + 130 * c, top, 80 + 130 * c, top - 24 * len(rows))


def test_a_ruled_table_is_rows_of_named_cells_and_comes_once() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 12)
        canvas.drawString(104, 740, "任务分工如下：")
        rows = [["序号", "任务", "单位"], ["1", "建设基地", "市科技局"], ["2", "培训人员", ""]]
        _ruled(canvas, rows, 720, merged=(1, 2))
        canvas.drawString(104, 620, "请认真执行。")
        canvas.showPage()

    parsed = parse_pdf(pdf_of(draw), Limits())
    assert [(b.kind, b.text) for b in parsed.blocks] == [
        (BlockKind.PARAGRAPH, "任务分工如下："),
        (BlockKind.TABLE_ROW, "序号：1；任务：建设基地；单位：市科技局"),
        (BlockKind.TABLE_ROW, "序号：2；任务：培训人员；单位：市科技局"),
        (BlockKind.PARAGRAPH, "请认真执行。"),
    ]


@pytest.mark.parametrize("repeated", [True, False], ids=["head repeated", "head once"])
def test_a_table_goes_on_over_the_page(repeated: bool) -> None:
    head = ["序号", "任务", "单位"]

    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 12)
        _ruled(canvas, [head, ["1", "建设基地", "市科技局"]], 720)
        canvas.showPage()
        canvas.setFont(FONT, 12)
        rows = [["2", "培训人员", "市教育局"], ["3", "宣传推广", "市文旅局"]]
        _ruled(canvas, [head, *rows] if repeated else rows, 780)
        canvas.showPage()

    document, _ = with_problems(pdf_of(draw), "a.pdf")
    assert document.text.split("\n") == [
        "序号：1；任务：建设基地；单位：市科技局",
        "序号：2；任务：培训人员；单位：市教育局",
        "序号：3；任务：宣传推广；单位：市文旅局",
    ]
    assert document.page_of(document.text.index("序号：2")) == 2


def test_a_frame_around_text_is_no_table() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 12)
        canvas.rect(60, 600, 400, 150)
        canvas.drawString(80, 720, "一、框中的第一条。")
        canvas.drawString(80, 700, "二、框中的第二条。")
        canvas.showPage()

    assert texts(pdf_of(draw)) == ["一、框中的第一条。", "二、框中的第二条。"]


def test_a_page_set_on_its_side_is_read_level() -> None:
    def draw(canvas: Any) -> None:
        canvas.rotate(90)
        canvas.setFont(FONT, 12)
        canvas.drawString(100, -80, "附表横放在页面上，")
        canvas.drawString(100, -100, "第二行在它的下面。")
        canvas.showPage()

    assert texts(pdf_of(draw)) == ["附表横放在页面上，第二行在它的下面。"]


def test_a_title_set_downwards_is_one_line() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 30)
        for row, character in enumerate("竞争性文件"):
            canvas.drawString(280, 700 - 60 * row, character)
        canvas.showPage()

    assert texts(pdf_of(draw)) == ["竞争性文件"]


def test_print_made_bold_by_drawing_it_twice_is_read_once() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 16)
        for shift in (0, 0.4):
            canvas.drawString(200 + shift, 700, "关于某事的通知")
        canvas.showPage()

    assert texts(pdf_of(draw)) == ["关于某事的通知"]


def test_what_was_filled_into_a_form_is_read() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 14)
        canvas.drawString(70, 700, "编号：")
        canvas.acroForm.textfield(name="number", value="A-2024-17", x=140, y=695, width=200, height=20)
        canvas.linkURL("https://example.org", (70, 690, 100, 710))
        canvas.showPage()

    assert texts(pdf_of(draw)) == ["编号： A-2024-17"]


def test_an_empty_page_is_no_problem() -> None:
    def draw(canvas: Any) -> None:
        canvas.setFont(FONT, 14)
        canvas.drawString(70, 700, "只有一页有字。")
        canvas.showPage()
        canvas.line(60, 800, 500, 800)
        canvas.showPage()

    assert texts(pdf_of(draw)) == ["只有一页有字。"]


def test_a_damaged_file_is_a_problem() -> None:
    whole = pdf_lines([(0, "关于某事的通知")])
    for data in (whole[:200], b"%PDF-1.7\n" + b"\0" * 500):
        document, problems = parse("a.pdf", data)
        assert document is None
        assert problems[0].lost
    assert texts(whole[: whole.index(b"startxref")]) == ["关于某事的通知"]  # what can be saved is
