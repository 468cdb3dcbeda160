"""Recognition of scans, from a picture of a page to clauses. A page takes seconds: few, and small where they can be."""

from __future__ import annotations

import sys

import pytest
import scan_files as scan
from parsing import body, values, with_problems

from assistant.domain.policy import Document, Problem
from ingest.formats import ocr
from ingest.formats.model import Limits
from ingest.parse import parse

NOTICE = [
    "|关于开展春季造林工作的通知",
    "各区县林业局，有关单位：",
    "为做好今年春季造林工作，提高森林覆盖率，改善生态环境，现将有关事项通知如下，请结合实际认真抓好落实。",
    "一、工作目标",
    "到2025年底，全市完成人工造林12.5万亩，其中防护林不少于8万亩，苗木成活率达到90%以上。",
    "二、主要任务",
    "（一）落实造林地块。各区县于3月20日前将地块落实到山头、到小班，由市林业局牵头，市自然资源局配合，逐级上报备案。",
    "（二）加强苗木管理。使用良种壮苗，做到“随起、随运、随栽”，严禁使用不合格苗木上山造林。",
    "（三）强化技术服务。组织技术人员到一线指导，每个乡镇不少于2人。",
]
SIGNED = ["某某市林业局", "2025年2月18日"]


@pytest.fixture(scope="module")
def sealed_notice() -> tuple[Document, tuple[Problem, ...]]:
    """A page with a red letterhead and a red seal over its date, turned by 0.8 degrees, grainy and soft."""
    lines = scan.set_paragraphs(NOTICE[:1])
    lines += [NOTICE[1], *scan.set_paragraphs(NOTICE[2:]), "", *("　" * 16 + s for s in SIGNED)]
    sheet = scan.page(lines, letterhead="某某市林业局文件")
    sheet = scan.sealed(sheet, 1150, 260 + scan.PITCH * (len(lines) - 1))
    return with_problems(scan.as_pdf([scan.scanned(sheet, degrees=0.8, noise=18, blur=0.6)]), "通知.pdf")


def test_a_turned_grainy_sealed_page_is_read_to_its_clauses(sealed_notice: tuple[Document, object]) -> None:
    document, _ = sealed_notice
    expected = "\n".join(["某某市林业局文件", *(p.lstrip("|") for p in NOTICE), *SIGNED])
    assert scan.error_rate(expected, document.text) <= 0.02
    assert document.text.split("\n")[-2:] == SIGNED  # under the seal
    assert document.title == NOTICE[0][1:]
    assert body(document) == ["导语", "一", "二", "二（一）", "二（二）", "二（三）"]
    assert values(document, "issued_on") == ["2025-02-18"]


def test_what_was_recognised_says_so_and_names_the_seal(sealed_notice: tuple[object, tuple[Problem, ...]]) -> None:
    _, problems = sealed_notice
    assert all(not p.lost for p in problems)
    reasons = [p.reason for p in problems if p.place == "第1页"]
    assert any("已作文字识别" in reason for reason in reasons)
    assert any("印章" in reason for reason in reasons)


SMALL = [
    "　　一、全市完成人工造林八万亩，苗木成活率达到",
    "百分之九十以上，由市林业局牵头。",
    "　　二、各区县按时上报。",
]
READ = "一、全市完成人工造林八万亩，苗木成活率达到百分之九十以上，由市林业局牵头。\n二、各区县按时上报。"


@pytest.mark.parametrize("quarters", [1, 2])
def test_a_page_that_lies_on_its_side_or_upside_down_is_read(quarters: int) -> None:
    sheet = scan.page(SMALL, height=700, top=150).rotate(90 * quarters, expand=True)
    document, _ = with_problems(scan.as_file([sheet], "PNG"), "a.png")
    assert document.text == READ


def test_only_pages_without_a_good_text_layer_are_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of true text, a scan, and a scan over which a worthless text layer lies."""
    from pdf_files import FONT, pdf_of

    recognised: list[int] = []
    real = ocr.recognise
    monkeypatch.setattr("ingest.formats.ocr_page.recognise", lambda p: recognised.append(1) or real(p))
    image = scan.page(["　　第二页是扫描的，上面没有文字层。"], height=500, top=100)
    other = scan.page(["　　第三页的文字层是乱码，要重新识别。"], height=500, top=100)

    def draw(sheet: object) -> None:
        from reportlab.lib.utils import ImageReader

        sheet.setFont(FONT, 14)  # type: ignore[attr-defined]
        sheet.drawString(70, 700, "第一页有完整的文字层，不需要识别。")  # type: ignore[attr-defined]
        sheet.showPage()  # type: ignore[attr-defined]
        for picture, hidden in ((image, ""), (other, "饕餮耄耋龘靐齉" * 12)):
            sheet.drawImage(ImageReader(picture), 0, 500, 595, 180)  # type: ignore[attr-defined]
            layer = sheet.beginText(70, 560)  # type: ignore[attr-defined]
            layer.setTextRenderMode(3)
            layer.setFont(FONT, 5)
            layer.textLine(hidden)
            sheet.drawText(layer)  # type: ignore[attr-defined]
            sheet.showPage()  # type: ignore[attr-defined]

    document, problems = with_problems(pdf_of(draw), "a.pdf")
    assert document.text == (
        "第一页有完整的文字层，不需要识别。\n第二页是扫描的，上面没有文字层。\n第三页的文字层是乱码，要重新识别。"
    )
    assert len(recognised) == 2
    assert document.page_of(document.text.index("第三页")) == 3
    assert [(p.place, p.reason.split("，")[0]) for p in problems] == [
        ("第2页", "没有文字层"),
        ("第3页", "文字层的字与字形对不上（乱码）"),
    ]


def test_text_in_a_picture_beside_text_is_read_at_its_place() -> None:
    from pdf_files import FONT, pdf_of

    image = scan.page(["　　附图：组织机构设置"], height=400, top=150)

    def draw(sheet: object) -> None:
        from reportlab.lib.utils import ImageReader

        sheet.setFont(FONT, 14)  # type: ignore[attr-defined]
        sheet.drawString(70, 780, "一、机构设置见下图。")  # type: ignore[attr-defined]
        sheet.drawImage(ImageReader(image), 70, 600, 450, 120)  # type: ignore[attr-defined]
        sheet.drawString(70, 550, "二、人员另行安排。")  # type: ignore[attr-defined]
        sheet.showPage()  # type: ignore[attr-defined]

    document, problems = with_problems(pdf_of(draw), "a.pdf")
    assert document.text == "一、机构设置见下图。\n附图：组织机构设置\n二、人员另行安排。"
    assert [(p.place, p.reason, p.lost) for p in problems] == [("第1页", "图片中的文字已作文字识别（OCR）", False)]


def test_a_ruled_table_of_a_scan_is_a_table() -> None:
    from PIL import ImageDraw

    sheet = scan.page(["|任务分解表"], height=700, top=60)
    draw = ImageDraw.Draw(sheet)
    rows = [("序号", "任务", "牵头单位"), ("1", "建设苗圃", "市林业局"), ("2", "培训人员", "市教育局")]
    xs = (250, 450, 950, 1400)
    for x in xs:
        draw.line((x, 160, x, 160 + 90 * len(rows)), fill="black", width=3)
    for r, row in enumerate([*rows, ()]):
        draw.line((xs[0], 160 + 90 * r, xs[-1], 160 + 90 * r), fill="black", width=3)
        for x, text in zip(xs, row, strict=False):
            draw.text((x + 30, 178 + 90 * r), text, fill="black", font=scan.font())
    document, _ = with_problems(scan.as_file([scan.scanned(sheet, degrees=-0.6)], "PNG"), "a.png")
    assert document.text == (
        "任务分解表\n序号：1；任务：建设苗圃；牵头单位：市林业局\n序号：2；任务：培训人员；牵头单位：市教育局"
    )


def test_uncertain_lines_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    from ingest.formats.image import parse_image
    from ingest.formats.pdf_lines import Piece

    pieces = (
        Piece("一、看得清的一行。", 100, 100, 500, 140, 40, 0.99),
        Piece("二、看不大清的一行。", 100, 200, 500, 240, 40, 0.7),
    )
    found = ocr.Recognised(pieces, unsure=("某某",))
    monkeypatch.setattr("ingest.formats.ocr_page.recognise", lambda _: found)
    data = scan.as_file([Image.new("L", (600, 300), 255)], "PNG")
    parsed = parse_image(data, Limits())
    assert [(b.text, b.confidence) for b in parsed.blocks] == [
        ("一、看得清的一行。", 0.99),
        ("二、看不大清的一行。", 0.7),
    ]
    assert [(t.place, t.lost, t.reason) for t in parsed.troubles] == [
        ("第1页", False, "文字识别置信度低：“二、看不大清的一行。”（0.70），请对照原件"),
        ("第1页", True, "1 处文字辨认不清，未收入：“某某”"),
    ]


def test_an_uncertain_place_is_kept_with_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    from ingest.formats.pdf_lines import Piece

    pieces = (
        Piece("关于某事的通知", 300, 100, 580, 140, 40, 0.99),
        Piece("一、看不大清的一行。", 100, 200, 500, 240, 40, 0.7),
    )
    monkeypatch.setattr("ingest.formats.ocr_page.recognise", lambda _: ocr.Recognised(pieces))
    document, _ = with_problems(scan.as_file([Image.new("L", (900, 300), 255)], "PNG"), "a.png")
    (doubt,) = [f for f in document.fields if f.name == "uncertain_print"]
    assert (doubt.value, doubt.as_written) == ("0.70", "一、看不大清的一行。")
    (scanned,) = [f for f in document.fields if f.name == "recognised"]
    assert (scanned.value, scanned.as_written) == ("1.00", "关于某事的通知")
    typed, _ = with_problems("关于某事的通知\n一、看得清的一行。\n".encode(), "a.txt")
    assert not [f for f in typed.fields if f.name == "recognised"]


def test_without_the_engine_a_scan_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    ocr._engine.cache_clear()
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    data = scan.as_pdf([scan.page(["　　一页扫描。"], height=400, top=100)])
    document, problems = parse("a.pdf", data)
    assert document is None
    assert [(p.place, p.lost) for p in problems] == [("第1页", True)]
    assert "pip install rapidocr" in problems[0].reason


def test_scanned_pages_beyond_the_limit_are_a_loss() -> None:
    sheets = [scan.page([], height=300)] * 3
    _, problems = parse("a.pdf", scan.as_pdf(sheets), Limits(max_scanned_pages=0))
    assert [(p.place, p.lost) for p in problems] == [("第1–3页", True)]


def test_the_same_page_gives_the_same_text() -> None:
    import numpy as np

    picture = np.asarray(scan.page(SMALL[:1], height=300, top=100))
    assert ocr.recognise(picture) == ocr.recognise(picture)


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("会议纪要(试行)", "会议纪要（试行）"),
        ("会议纪要（试行)", "会议纪要（试行）"),
        ("以下事项:落实经费,", "以下事项：落实经费，"),
        ("联系电话:0999-1234", "联系电话：0999-1234"),
        ("14(1)", "14(1)"),
        ("比例为3:1", "比例为3:1"),
        ("（三)加强", "（三）加强"),
        ("某教发〔2024]36号", "某教发〔2024〕36号"),
    ],
)
def test_marks_beside_chinese_characters_are_of_full_width(read: str, meant: str) -> None:
    assert ocr._chinese_punctuation(read) == meant
