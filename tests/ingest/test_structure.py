from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsing import body, clause_text, heading, parsed, paths

from assistant.domain.policy import ClauseKind
from ingest.structure.markers import inline_markers, marker_at

HEAD = "某市教育局关于开展试点工作的通知\n各县区教育局：\n现将有关事项通知如下：\n"


def test_markers_nest_in_their_usual_order() -> None:
    text = (
        HEAD + "一、总体要求\n（一）工作目标。建成基地。\n1.第一阶段\n（1）调研\n"
        "①走访企业\n②走访学校\n（二）原则\n二、任务"
    )
    assert body(parsed(text)) == [
        "导语", "一", "一（一）", "一（一）1", "一（一）1（1）", "一（一）1（1）①", "一（一）1（1）②", "一（二）", "二",
    ]  # fmt: skip


def test_forms_of_a_marker_are_one_path() -> None:
    text = HEAD + "一．甲事项\n(一)乙事项\n1、丙事项\n２．丁事项\n二. 戊事项\n（一) 己事项"
    assert body(parsed(text))[1:] == ["一", "一（一）", "一（一）1", "一（一）2", "二", "二（一）"]


def test_numbers_may_run_on_across_sections() -> None:
    text = HEAD + "一、甲\n（一）子\n1.x项\n2.y项\n（二）丑\n3.z项\n二、乙\n（三）寅\n4.w项"
    assert body(parsed(text))[1:] == [
        "一", "一（一）", "一（一）1", "一（一）2", "一（二）", "一（二）3", "二", "二（三）", "二（三）4",
    ]  # fmt: skip


def test_a_run_in_heading_ends_at_the_first_full_stop() -> None:
    document = parsed(
        HEAD + "（一）建立联合体。由市教育局牵头，组建联合体。\n（二）由市教育局牵头，组建专家委员会并定期评估。"
    )
    assert heading(document, "（一）") == "建立联合体"
    assert clause_text(document, "（一）") == "（一）建立联合体。由市教育局牵头，组建联合体。"
    assert heading(document, "（二）") == ""


def test_a_heading_line_has_neither_marker_nor_full_stop() -> None:
    document = parsed(
        HEAD + "一、总体要求\n（一）指导思想。\n以服务产业为宗旨。\n二、统筹资源，打造中心。\n（一）布局。建基地。"
    )
    assert heading(document, "一") == "总体要求"
    assert heading(document, "一（一）") == "指导思想"
    assert heading(document, "二") == "统筹资源，打造中心"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("一、关于“进一步拓宽专业链\n与产业链对接渠道”的建议", "关于“进一步拓宽专业链与产业链对接渠道”的建议"),
        ("一、关于落实《某某市产教融合\n实施办法》的建议", "关于落实《某某市产教融合实施办法》的建议"),
    ],
)
def test_a_heading_may_be_broken_over_two_lines(lines: str, expected: str) -> None:
    document = parsed(HEAD + lines + "\n由市科技局协调各有关部门，搭建平台，推进对接工作落到实处，取得实效。")
    assert heading(document, "一") == expected
    assert body(document) == ["导语", "一"]


def test_a_lost_bracket_is_survived_where_the_sequence_says_so() -> None:
    document = parsed(
        HEAD + "一、建议\n（一）关于甲。办好。\n（二关于乙。办好。\n三）关于丙。办好。\n（四）关于丁。办好。"
    )
    assert body(document)[1:] == ["一", "一（一）", "一（二）", "一（三）", "一（四）"]


@pytest.mark.parametrize(
    "line",
    [
        "第三条的规定应当执行。",
        "第三条、第四条所列事项除外。",
        "（二）项所列情形除外。",
        "（一）、（二）项同时适用。",
        "一、二等奖各评选若干名。",
        "1.5亿元专项资金已经到位。",
        "第二章规定的程序照办。",
        "（七）这一编号前面没有第六项。",
    ],
)
def test_references_and_quantities_open_nothing(line: str) -> None:
    document = parsed(HEAD + "一、依据\n（一）甲项。说明。\n" + line + "\n（二）乙项。说明。")
    assert body(document) == ["导语", "一", "一（一）", "一（二）"]


@pytest.mark.parametrize("heading", ["目标任务", "项目建设", "到2025年建成", "至少建设一个", "款项管理", "目前进展"])
def test_words_that_begin_like_a_reference_are_headings(heading: str) -> None:
    assert body(parsed(HEAD + f"一、依据\n（一）{heading}\n说明。\n（二）其他\n说明。"))[1:] == [
        "一",
        "一（一）",
        "一（二）",
    ]


def test_markers_within_a_line_open_clauses_when_they_count_up() -> None:
    document = parsed(
        HEAD + "一、存在问题\n一是设备闲置；二是协议不一；三是保障不足。\n二、指标包括：（1）人数达标；（2）面积达标。"
    )
    assert body(document)[1:] == ["一", "一一是", "一二是", "一三是", "二", "二（1）", "二（2）"]
    assert clause_text(document, "一二是") == "二是协议不一；"


def test_a_reference_within_a_line_opens_nothing() -> None:
    document = parsed(HEAD + "一、标准\n按本通知（二）执行，详见（三）。标准一是统一的。\n二、其他")
    assert body(document) == ["导语", "一", "二"]


def test_a_new_paragraph_after_inline_items_is_the_parents() -> None:
    document = parsed(HEAD + "一、问题\n一是设备闲置；二是协议不一。\n上述问题应当重视。\n二、措施")
    assert body(document) == ["导语", "一", "一一是", "一二是", "一第2段", "二"]


def test_paragraphs_before_the_first_item_belong_to_the_clause() -> None:
    document = parsed(HEAD + "一、任务\n由市工信局牵头。\n市人社局配合。\n（一）名录。编制。\n第二段仍属本项。")
    assert clause_text(document, "一") == "一、任务\n由市工信局牵头。\n市人社局配合。"
    assert clause_text(document, "一（一）").endswith("第二段仍属本项。")


def test_articles_are_cited_by_their_number() -> None:
    text = """某某联合体章程
第一章　总则
第一条　为规范运行，制定本章程。
第二条　成员包括：
（一）学校；
（二）企业。
前款成员应当守约。
下列单位可以列席：
（一）协会；
（二）园区。
第二章　附则
第三条　依照第二条的规定退出的，从其规定。
第三条之一　本章程自通过之日起施行。"""
    assert body(parsed(text)) == [
        "第一章", "第一条", "第二条第一款", "第二条第一款（一）", "第二条第一款（二）", "第二条第二款", "第二条第三款",
        "第二条第三款（一）",
        "第二条第三款（二）", "第二章", "第三条", "第三条之一",
    ]  # fmt: skip


def test_articles_may_stand_under_numbered_headings() -> None:
    document = parsed("某某联合体章程\n一、总则\n第一条 制定本章程。\n第二条 适用范围。\n二、成员\n第三条 加入。")
    articles = [c for c in document.clauses if c.label.startswith("第")]
    by_id = {c.id: c for c in document.clauses}
    assert [by_id[c.parent_id or ""].path for c in articles] == ["一", "一", "二"]


def test_prose_without_markers_is_addressed_by_paragraph() -> None:
    document = parsed("关于某事的函\n市科技局：\n来函收悉。\n经研究，同意你局意见。\n市教育局\n2024年1月2日")
    assert paths(document) == ["标题", "主送", "第1段", "第2段", "落款"]


def test_a_closing_paragraph_is_not_the_last_items() -> None:
    document = parsed(HEAD + "一、甲\n二、乙\n做好工作。\n感谢您的关心。\n某市教育局\n2024年1月2日")
    assert paths(document)[-3:] == ["二", "结语", "落款"]


def test_an_attachment_has_paths_of_its_own() -> None:
    text = (
        HEAD + "一、甲\n（一）子项。做。\n附件：1.任务清单\n2.名单\n某市教育局\n"
        "2024年1月2日\n附件1\n任务清单\n一、任务\n（一）子。\n附件2\n"
        "名单\n张某"
    )
    assert paths(parsed(text)) == [
        "标题", "主送", "导语", "一", "一（一）", "附件说明", "落款",
        "附件1", "附件1 一", "附件1 一（一）", "附件2", "附件2 第1段",
    ]  # fmt: skip


def test_a_forwarded_document_follows_its_covering_notice() -> None:
    text = (
        "关于印发《某某市建设方案》的通知\n各单位：\n现将方案印发给你们。\n"
        "某市教育局\n二〇二四年一月二日\n（此件公开发布）\n"
        "某某市建设方案\n为推进建设，制定本方案。\n一、目标\n二、任务\n抄送：市政府办公室。\n"
        "某市教育局办公室　2024年1月3日印发"
    )
    document = parsed(text)
    assert paths(document) == [
        "标题", "主送", "第1段", "落款", "公开属性", "附《某某市建设方案》", "附《某某市建设方案》 导语",
        "附《某某市建设方案》 一",
        "附《某某市建设方案》 二", "抄送", "印发",
    ]  # fmt: skip
    part = next(c for c in document.clauses if c.path == "附《某某市建设方案》")
    assert next(c for c in document.clauses if c.path.endswith(" 一")).parent_id == part.id


def test_a_second_letter_in_the_file_may_have_its_number_above_its_title() -> None:
    letter = "某教发〔2024〕{}号\n关于某事的通知\n各单位：\n请执行。\n一、目标\n目标甲。\n某市教育局\n2024年1月2日\n"
    document = parsed(letter.format(1) + letter.format(2))
    first = ["文号", "标题", "主送", "导语", "一", "落款"]
    assert paths(document) == [*first, "附《关于某事的通知》", *(f"附《关于某事的通知》 {n}" for n in first[1:])]
    assert clause_text(document, "附《关于某事的通知》") == "某教发〔2024〕2号"


def test_repeated_numbers_keep_their_paths_apart() -> None:
    assert body(parsed(HEAD + "一、甲\n（一）子\n（一）丑\n二、乙")) == ["导语", "一", "一（一）", "一（一）·2", "二"]


def test_contents_lines_are_no_headings() -> None:
    text = "某某方案\n目录\n一、总体要求………… 1\n二、主要任务………… 2\n一、总体要求\n要求。\n二、主要任务\n任务。"
    assert body(parsed(text)) == ["导语", "一", "二"]


def test_head_and_tail_are_clauses_of_their_kind() -> None:
    document = parsed(
        " 某教议〔2023〕7号        签发人：张三\n" + HEAD + "一、甲\n某市教育局\n（联系人：办公室 李四 138xxxx0000）"
    )
    kinds = {c.path: c.kind for c in document.clauses}
    assert kinds["文号"] == ClauseKind.HEAD
    assert kinds["落款"] == kinds["联系人"] == ClauseKind.TAIL
    assert clause_text(document, "文号") == "某教议〔2023〕7号        签发人：张三"


MARKS = [
    "一、",
    "二、",
    "（一）",
    "(二)",
    "（三",
    "1.",
    "2、",
    "（1）",
    "①",
    "第一条 ",
    "第二章　",
    "一是",
    "附件1",
    "附件：",
    "",
    "",
]
WORDS = [
    "总体要求",
    "由市教育局牵头。",
    "详见（二）；（1）甲；（2）乙。",
    "市教育局",
    "2024年9月31日",
    "各单位：",
    "关于某事的通知",
    " ",
    "“",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(MARKS), st.sampled_from(WORDS), st.sampled_from(["\n", "\n\n", "　", ""])),
        max_size=25,
    )
)
def test_any_nesting_tiles_the_text(pieces: list[tuple[str, str, str]]) -> None:
    text = "题目\n" + "".join(a + b + c for a, b, c in pieces)
    document = parsed(text)
    assert document.text == text
    by_id = {c.id: c for c in document.clauses}
    for clause in document.clauses:
        assert clause.parent_id is None or by_id[clause.parent_id].ordinal < clause.ordinal


@pytest.mark.parametrize(
    "text",
    ["（" * 100_000, "一、" * 50_000, "一是，" * 33_000, "（1）；" * 25_000, "第一条" * 33_000, "1." * 50_000,
     "①" * 100_000,
     "一" * 100_000, "第" * 100_000, "（一" * 50_000],
    ids=lambda t: t[:4],
)  # fmt: skip
def test_markers_are_found_in_linear_time(text: str) -> None:
    started = time.process_time()
    inline_markers(text, marker_at(text))
    assert time.process_time() - started < 15  # about 1 s; a square would take minutes


def test_decimal_numbers_nest_by_their_depth() -> None:
    text = (
        "某局工作报告\n1 工作情况\n1.1 机制建设\n1.1.1 建立制度。全年开会12次。\n"
        "1.1.2 完善考核。\n1.2 项目推进\n2 存在问题\n"
    )
    text += "2.1 资金不足，仅有\n1.5亿元。\n3 下步打算\n30 个项目要落地。"
    document = parsed(text)
    assert body(document) == ["1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "2.1", "3"]
    assert clause_text(document, "2.1").endswith("1.5亿元。")


def test_figures_that_begin_lines_are_no_decimal_numbers() -> None:
    text = "某市统计数据的说明\n序号 任务\n1 发放消费券\n2 开展培训\n3.5倍于上年的增长来自出口。\n2.1米以上的车辆绕行。"
    assert not [c for c in parsed(text).clauses if c.label]


def test_headings_without_a_number_stand_beside_those_with_one() -> None:
    text = (
        HEAD + "总体要求\n以就业优先为导向，全面提升劳动者技能水平和就业质量。\n一、目标\n（一）培训10万人。\n二、措施"
    )
    document = parsed(text)
    assert body(document) == ["导语", "总体要求", "一", "一（一）", "二"]
    assert heading(document, "总体要求") == "总体要求"


def test_bare_headings_part_a_text_without_numbers_and_hold_its_lists() -> None:
    text = (
        "关于改善养老服务的提案\n背景情况\n老年人口已占全市人口的百分之二十三，服务供给不足。\n具体建议\n"
        "1.增加床位。\n2.培训护理员。\n甲某委员\n"
    )
    assert body(parsed(text))[:4] == ["背景情况", "具体建议", "具体建议 1", "具体建议 2"]


def test_a_new_list_is_none_of_the_last_item_above_it() -> None:
    text = "一、现状\n存在的问题主要有：\n1.意见难统一。\n2.资金不足。\n建议：\n（一）出台政策。\n（二）加大补贴。"
    document = parsed("关于加装电梯的提案\n" + text)
    assert body(document) == ["一", "一1", "一2", "一第3段", "一（一）", "一（二）"]
    assert clause_text(document, "一2") == "2.资金不足。"


def test_a_table_of_contents_is_one_clause_and_opens_none() -> None:
    text = (
        "某省促进创新条例\n目　录\n第一章　总则\n第二章　职责\n"
        "第一章　总则\n第一条　为了创新，制定本条例。\n第二章　职责\n第二条　各负其责。"
    )
    assert body(parsed(text)) == ["目录", "第一章", "第一条", "第二章", "第二条"]


def test_attachments_of_other_names_are_parts() -> None:
    text = HEAD + "一、任务\n二、要求\n某市教育局\n2024年1月5日\n附表\n任务清单\n发放补贴由财政局负责。"
    assert paths(parsed(text))[-2:] == ["附表", "附表 第1段"]


def test_seventeen_thousand_lines_of_names_take_linear_time() -> None:
    """A file that repeats one line of a tail took five seconds: each line was judged by the nine below it."""
    text = "关于某事的通知\n" + "某市教育局办公室\n甲某\n" * 8500 + "完。"
    began = time.process_time()
    parsed(text)
    assert time.process_time() - began < 15


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("加强组织领导", "加强组织领导"),
        ("课后托管收费每人每月一百二十元", ""),
        ("同意将南环路东段命名为松林路", ""),
        ("补助比例为百分之三十", ""),
        ("新建学校12所", "新建学校12所"),
    ],
)
def test_a_price_or_a_decision_is_no_heading(first: str, expected: str) -> None:
    document = parsed(HEAD + f"一、{first}。由市发改委负责核定，每年公布一次。\n二、其他事项。另行通知。")
    assert next(c.heading for c in document.clauses if c.path == "一") == expected


def test_items_may_begin_right_behind_the_number_of_their_clause() -> None:
    document = parsed(
        "一、（一）集团办公室设在职业学院。（二）经费由市财政局安排。\n二、任务\n１．（１）落实责任人；（２）备足物资。"
    )
    assert body(document) == ["一", "一（一）", "一（二）", "二", "二1", "二1（1）", "二1（2）"]


def test_letters_open_clauses_where_a_second_one_follows() -> None:
    document = parsed(
        "一、滞后事项\na)市工信局牵头的需求库尚未建成。\nb)市科技局要加快平台建设。\n二、其他\nA)类企业名单另发。"
    )
    assert body(document) == ["一", "一a)", "一b)", "二"]


def test_a_numbered_heading_nests_by_its_number_where_the_format_knows_no_deeper_level() -> None:
    text = "# 方案\n\n## 一、任务\n\n### （一）建设平台\n\n### 1.统一门户\n\n### 2.贯通数据\n\n### （二）培训教师\n"
    assert body(parsed(text, "a.md")) == ["一", "一（一）", "一（一）1", "一（一）2", "一（二）"]


def test_the_label_of_an_attachment_ends_the_title_above_it() -> None:
    document = parsed("关于报送材料的函\n一、请报送。\n\n附件1\n基地建设需求表\n附件2\n辅导员推荐要求\n一、身体健康。")
    assert [p for p in paths(document) if p.startswith("附件")] == ["附件1", "附件2", "附件2 一"]


def test_stages_open_clauses_and_hold_their_items() -> None:
    document = parsed(
        "一、实施步骤\n第一阶段：动员部署（3月）。\n第二阶段：集中整治（4月）。\n1.自查。\n2.抽查。\n"
        "二、要求\n第二阶段工作完成后报送总结。"
    )
    assert body(document) == ["一", "一第一阶段", "一第二阶段", "一第二阶段1", "一第二阶段2", "二"]


def test_items_of_two_characters_are_items() -> None:
    order = "第一条　申领按下列次序：（一）申报；（二）审核；（三）公示。公示期为七日。"
    document = parsed(f"补贴申领办法\n{order}\n第二条　依照前条（一）、（二）项。")
    assert body(document) == ["第一条", "第一条（一）", "第一条（二）", "第一条（三）", "第二条"]
