from __future__ import annotations

import time

import pytest
from parsing import parsed, values, with_problems

from ingest.parse import parse
from ingest.structure import roles
from ingest.structure.canonical import mask

REPLY = """ 某市教议〔2023〕7号                  签发人：张三
对市政协十四届二次会议
第524号党派团体提案的答复
市政协教科卫体委员会：
您在市政协十四届二次会议上提出的《关于某事的建议》（第524号提案）收悉，现答复如下：
一、关于某事的建议
由市科技局协调。
某市教育局
二〇二三年五月二十日
（联系人：高等教育处 李四 13812345678）
抄送：市政协提案委员会、市政府督查室。
公开属性：主动公开
"""


def test_fields_of_a_reply() -> None:
    document = parsed(REPLY)
    assert document.title == "对市政协十四届二次会议第524号党派团体提案的答复"
    assert document.kind == "答复"
    assert document.number == "某市教议〔2023〕7号"
    expected = {
        "signatory": ["张三"],
        "addressee": ["市政协教科卫体委员会"],
        "proposal_number": ["524"],
        "session": ["十四届二次"],
        "issuer": ["某市教育局"],
        "issued_on": ["2023-05-20"],
        "contact": ["高等教育处 李四"],
        "phone": ["138****5678"],
        "copy_to": ["市政协提案委员会、市政府督查室"],
        "publicity": ["主动公开"],
    }
    assert {name: values(document, name) for name in expected} == expected


def test_every_field_says_where_it_stands() -> None:
    document = parsed(REPLY)
    for field in document.fields:
        assert field.span.of(document.text) == field.as_written
    date = document.field("issued_on")
    assert date is not None
    assert date.as_written == "二〇二三年五月二十日"


def test_phone_numbers_never_reach_the_text() -> None:
    document, problems = with_problems(REPLY)
    assert "13812345678" not in document.text
    assert len(document.text) == len(REPLY)
    assert any("遮蔽" in p.reason and not p.lost for p in problems)


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ("手机13812345678。", "手机138****5678。"),
        ("138 1234 5678", "138 **** 5678"),
        ("０432-62012345", "０432-****2345"),
        ("电话：62012345", "电话：****2345"),
        ("电话：13812345678", "电话：138****5678"),
        ("证号220202199001011234", "证号220***********1234"),
        ("138xxxx2011", "138xxxx2011"),
        ("000014349/2018-00228", "000014349/2018-00228"),
        ("统一代码91220201MA0Y000000", "统一代码91220201MA0Y000000"),
        ("投资1234567890123元", "投资1234567890123元"),
        ("单价4197.16981132075，合计13812345678.50", "单价4197.16981132075，合计13812345678.50"),
        ("身份证11010519491231002X。", "身份证110***********002X。"),
        ("110105 19491231 002X", "110*** ******** 002X"),
        ("110105 19491231 0021", "110105 19491231 0021"),
        ("１１０１０５１９４９１２３１００２３", "１１０***********００２３"),
        ("编号110105194913310021", "编号110105194913310021"),
        ("账号：622202123456789012", "账号：**************9012"),
        ("开户行及账号：某某银行某某支行 6222 0212 3456 7890", "开户行及账号：某某银行某某支行 **** **** **** 7890"),
        ("卡号 4000123412341234567 13812345678", "卡号 ***************4567 138****5678"),
        ("账户：100000000000元", "账户：100000000000元"),
        ("6222021234567890128", "***************0128"),
        ("6222021234567890127", "6222021234567890127"),
        ("项目代码6222021234567890128-01", "项目代码6222021234567890128-01"),
        ("邮箱zhang.san@jl.gov.cn，", "邮箱z********@jl.gov.cn，"),
        ("a@b.cn", "*@b.cn"),
        ("13812345678@139.com", "1**********@139.com"),
        ("联系人＠市局", "联系人＠市局"),
    ],
)
def test_masking_keeps_length_and_other_numbers(written: str, masked: str) -> None:
    assert mask(written)[0] == masked


def test_the_number_may_follow_the_title() -> None:
    document = parsed(
        "国务院关于某事的意见\n国发〔2019〕3号\n各省、自治区、直辖市人民政府，国务院各部委：\n"
        "现提出意见。\n国务院\n2019年1月12日\n（此件公开发布）"
    )
    assert (document.number, document.kind) == ("国发〔2019〕3号", "意见")
    assert values(document, "publicity") == ["此件公开发布"]


def test_a_letterhead_is_not_the_title_and_a_unit_may_begin_one() -> None:
    letter = parsed(
        "某市教育局\n某市教函〔2024〕46号\n关于调整任务的函\n市科技局：\n请支持。\n某市教育局\n2024年8月9日"
    )
    assert letter.title == "关于调整任务的函"
    reply = parsed("某文旅函〔2024〕18号\n某市文化广播电视和旅游局\n关于筹建情况的复函\n市教育局：\n收悉。")
    assert reply.title == "某市文化广播电视和旅游局关于筹建情况的复函"


def test_two_signatories_and_a_date_in_one_line() -> None:
    document = parsed("关于某事的通知\n各单位：\n请执行。\n甲市教育局　甲市科技局\n2024年3月1日")
    assert values(document, "issuer") == ["甲市教育局", "甲市科技局"]
    document = parsed("关于某事的通知\n各单位：\n请执行。\n甲市教育局　2024年3月1日")
    assert (values(document, "issuer"), values(document, "issued_on")) == (["甲市教育局"], ["2024-03-01"])


def test_a_proposal_is_known_by_its_head() -> None:
    document = parsed(
        "政协某市第十四届委员会第三次会议提案\n第87号\n案由：关于规范实习管理的建议\n"
        "提案人：王某\n\n一、情况\n情况如此。"
    )
    assert (document.title, document.kind) == ("关于规范实习管理的建议", "提案")
    assert (values(document, "proposal_number"), values(document, "session")) == (["87"], ["十四届三次"])


def test_a_title_may_hold_a_comma_and_no_word_for_its_kind() -> None:
    document = parsed("加强科技创新，推动转型升级\n提案号：0012\n提案人：王某\n一、现状\n现状如此。")
    assert (document.title, document.kind) == ("加强科技创新，推动转型升级", "提案")
    assert values(document, "proposal_number") == ["12"]


def test_a_note_below_the_title_dates_a_charter() -> None:
    document = parsed("某某联合体章程\n（2024年3月28日成立大会审议通过）\n第一条 制定本章程。")
    assert (document.kind, values(document, "issued_on")) == ("章程", ["2024-03-28"])


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于印发某方案的通知", "通知"),
        ("某某建设方案", "方案"),
        ("某某联合体章程", "章程"),
        ("理事会第一次会议纪要", "纪要"),
        ("理事会组成人员名单", "名单"),
        ("2024年度任务清单", "清单"),
        ("国务院关于某规划的批复", "批复"),
        ("关于表彰先进的决定", "决定"),
        ("某省职业教育条例", "法规"),
        ("关于某事的复函", "函"),
        ("关于第524号提案的复函", "答复"),
        ("关于加强某事的意见（试行）", "意见"),
        ("某地见闻", "其他"),
    ],
)
def test_kinds_by_title(title: str, kind: str) -> None:
    assert parsed(title + "\n\n正文如下，内容从略。").kind == kind


def test_an_impossible_date_is_kept_and_named() -> None:
    document, problems = with_problems("关于某事的通知\n各单位：\n请于9月31日前报送。")
    assert "9月31日" in document.text
    assert [(p.place, p.lost) for p in problems] == [("第1段", False)]


def test_a_secret_document_is_refused() -> None:
    document, problems = parse("a.txt", "机密★1年\n某市教育局文件\n关于某事的通知\n各单位：\n内容。".encode())
    assert document is None
    assert "密级" in problems[0].reason
    assert parse("b.txt", "保密工作通知\n各单位：\n绝密文件应当专柜存放。".encode())[0] is not None


def test_the_page_and_the_body_may_disagree() -> None:
    page = """<table><tr><td>索引号：</td><td>0001</td><td>成文日期：</td><td>2004年04月17日</td></tr>
    <tr><td>发文字号：</td><td>国办函〔2004〕36号</td><td>发布日期：</td><td>2018年12月24日</td></tr></table>
    <div id="zoom"><p>某厅关于某事的复函</p><p>国办函〔2004〕36号</p><p>某省人民政府：</p><p>来函收悉，同意。</p>
    <p>某厅</p><p>二〇〇四年四月二十七日</p></div>"""
    document, problems = with_problems(page, "a.html")
    assert values(document, "issued_on") == ["2004-04-27", "2004-04-17"]
    assert values(document, "published_on") == ["2018-12-24"]
    assert [p.reason for p in problems] == [
        "成文日期不一致：正文“二〇〇四年四月二十七日”，网页信息“2004年04月17日”，以正文为准"
    ]


@pytest.mark.parametrize(
    "text",
    [unit * (100_000 // len(unit)) for unit in ("局", "（", "联系人", " ", "a：", "a@", "a.", "账号", "62", "账号1 ")],
)
def test_roles_take_linear_time(text: str) -> None:
    started = time.process_time()
    for role in (roles.is_date, roles.is_organisation, roles.is_publicity, roles.is_contact, roles.is_copy,
                 roles.is_print,
                 roles.is_note, roles.is_number, roles.is_case, roles.is_addressee, roles.labelled, roles.secrecy,
                 roles.signature_with_date, roles.attachment_label, roles.is_masthead, mask):  # fmt: skip
        role(text)
    assert time.process_time() - started < 5


def test_minutes_end_with_who_was_there() -> None:
    text = (
        "市政府常务会议纪要\n（第3号）\n会议由市长主持。\n"
        "一、会议议定，由市司法局修改后印发。\n出席：甲某、乙某\n列席：丙某\n记录：丁某"
    )
    document = parsed(text)
    assert [(c.path, c.kind) for c in document.clauses][1] == ("文号", "head")
    assert [(c.path, c.kind) for c in document.clauses][-3:] == [("出席", "tail"), ("列席", "tail"), ("记录", "tail")]


def test_minutes_are_numbered_and_dated_below_their_title() -> None:
    text = (
        "水务联合体第二次调度会议纪要\n〔2025〕第6期\n江城市水务局办公室　2025年3月7日\n"
        "3月5日，市水务局召开会议。现纪要如下：\n一、会议听取了进展。\n二、会议议定下列事项。"
    )
    document = parsed(text)
    assert (document.kind, values(document, "issued_on")) == ("纪要", ["2025-03-07"])
    assert values(document, "issuer") == ["江城市水务局办公室"]


def test_who_issues_stands_below_a_title_without_being_part_of_it() -> None:
    text = (
        "关于促进消费的若干措施\n市发展改革委　市商务局\n"
        "为促进消费，制定如下措施。\n一、稳定大宗消费。\n二、扩大服务消费。"
    )
    document = parsed(text)
    assert (document.title, document.kind) == ("关于促进消费的若干措施", "方案")
    assert values(document, "issuer") == ["市发展改革委", "市商务局"]


def test_a_closing_phrase_does_not_sign() -> None:
    text = "关于同意设立开发区的批复\n某县人民政府：\n经研究，同意设立。\n此复\n某市人民政府\n2024年2月3日"
    document = parsed(text)
    assert values(document, "issuer") == ["某市人民政府"]


def test_the_history_of_a_law_is_a_note_however_long() -> None:
    history = "（2020年11月27日某省人大常委会第二十五次会议通过　"
    history += "根据2022年3月30日《关于修改法规的决定》修正　" * 6 + "）"
    document = parsed(f"某省促进创新条例\n{history}\n第一条　为了创新，制定本条例。\n第二条　各负其责。")
    assert [c.path for c in document.clauses][:2] == ["标题", "标注"]


def test_how_a_proposal_was_dealt_with_stands_above_the_addressee() -> None:
    document = parsed(
        "关于第87号提案的复函\n某科函〔2023〕21号\nA类\n公开\n丁某委员：\n您的提案收悉，现函复如下：\n已办理。"
    )
    assert values(document, "addressee") == ["丁某委员"]


def test_facts_of_any_label_may_stand_between_number_and_title() -> None:
    document = parsed(
        "某交函〔2024〕9号\n办理结果类别：B\n复核情况：已复核\n对市政协八届三次会议第66号提案的答复\n马某委员：\n现答复如下：\n"
        "一、已办事项\n道路已修通。\n某市交通局\n2024年6月3日"
    )
    assert values(document, "title") == ["对市政协八届三次会议第66号提案的答复"]
    assert values(document, "issued_on") == ["2024-06-03"]
    assert [c.path for c in document.clauses][:4] == ["文号", "办理结果类别", "复核情况", "标题"]
    body = parsed("市委会收悉\n总投资：3亿元\n建设内容：新建大桥一座，改建道路。\n市建设局负责实施。")
    assert values(body, "title") == ["市委会收悉"]


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("关于某事的通知\n某办〔2024〕1号\n各单位：\n请执行。", 0.95, 1.0),
        ("关于某事的通知\n请执行下列事项，年底前完成。", 0.8, 0.95),
        ("随便一个题目\n正文如下，内容从略，不再赘述。", 0.0, 0.3),
    ],
    ids=["title and head", "title alone", "nothing"],
)
def test_a_kind_says_how_certain_it_is(text: str, least: float, most: float) -> None:
    document = parsed(text)
    [field] = [f for f in document.fields if f.name == "kind_confidence"]
    assert least <= float(field.value) <= most
    assert field.as_written == document.title


@pytest.mark.parametrize(
    ("title", "addressee", "kind"),
    [
        ("关于市十六届人大三次会议第56号建议的答复", "乙某代表", "建议答复"),
        ("对第1234号建议的答复", "甲某代表", "建议答复"),
        ("关于政协第十四届二次会议第0123号提案的答复", "甲某委员", "答复"),
        ("关于市政协十四届三次会议第7号建议案的答复", "市政协", "答复"),
    ],
)
def test_replies_to_deputies_are_a_kind_of_their_own(title: str, addressee: str, kind: str) -> None:
    text = f"{title}\n{addressee}：\n您提出的问题收悉，现答复如下：\n已经办理。\n某局\n2024年1月2日"
    assert parsed(text).kind == kind


def test_several_bodies_share_one_red_head() -> None:
    document = parsed(
        "000012\n中共某市委办公室\n某市人民政府办公室\n文　件\n某委办发〔2025〕12号\n★\n"
        "中共某市委办公室　某市人民政府办公室\n印发《关于加装电梯的若干措施》的通知\n各县区：\n现印发给你们。"
    )
    assert document.title == "中共某市委办公室 某市人民政府办公室印发《关于加装电梯的若干措施》的通知"
    assert (document.kind, values(document, "number")) == ("通知", ["某委办发〔2025〕12号"])


def test_the_red_head_of_minutes_is_no_part_of_their_title() -> None:
    document = parsed(
        "某市人民政府\n专题会议纪要\n〔2025〕第9次\n某市人民政府办公室　　2025年5月22日\n研究停车难治理工作的会议纪要\n"
        "会议由副市长主持。现纪要如下：\n一、同意增设泊位。"
    )
    assert document.title == "研究停车难治理工作的会议纪要"
    assert (document.kind, values(document, "issued_on")) == ("纪要", ["2025-05-22"])
    alone = parsed("某市人民政府\n专题会议纪要\n第9次\n会议由副市长主持。现纪要如下：\n一、同意增设泊位。")
    assert alone.title == "某市人民政府专题会议纪要"


def test_a_red_head_of_names_alone_and_the_letter_of_a_reply_are_no_title() -> None:
    document = parsed(
        "B\n某市卫生健康委员会\n某市医疗保障局\n某卫议字〔2025〕14号\n签发人：方岩\n（公开）\n"
        "关于对政协某市第十届委员会第五次会议\n第077号提案的答复意见\n致公党某市委：\n你们的提案收悉。\n一、基本情况。"
    )
    assert document.title == "关于对政协某市第十届委员会第五次会议第077号提案的答复意见"
    assert (document.kind, values(document, "proposal_number")) == ("答复", ["77"])


@pytest.mark.parametrize(
    "remark",
    ["本件供会议讨论，会后请交回办公室。", "【内部资料】未经同意不得外传。", "内部资料　注意保存", "送审稿"],
)
def test_a_remark_about_the_file_does_not_end_its_head(remark: str) -> None:
    document = parsed(
        f"{remark}\n临水县教育局\n临教发〔2024〕3号\n关于做好校舍检修的通知\n各中小学：\n请于8月底前完成检修。"
    )
    assert document.title == "关于做好校舍检修的通知"
    assert document.number == "临教发〔2024〕3号"
    assert values(document, "addressee") == ["各中小学"]


def test_an_opening_sentence_without_a_head_below_is_text() -> None:
    document = parsed("各校要抓紧检修校舍。\n检修经费由县财政承担。", "校舍.txt")
    assert document.title == "校舍"
    assert [c.kind for c in document.clauses] == ["body", "body"]


def test_a_report_is_dated_by_the_office_that_signs_it() -> None:
    below = parsed("校舍检修工作总结\n临水县教育局基建科　2024年9月6日\n一、主要做法\n检修校舍12处。")
    assert values(below, "issued_on") == ["2024-09-06"]
    noted = parsed("校舍检修进展情况\n（检修工作专班办公室　2024年9月6日）\n一、总体进展\n检修校舍12处。")
    assert values(noted, "issued_on") == ["2024-09-06"]


def test_a_date_alone_above_the_text_that_is_issued_dates_the_notice() -> None:
    page = (
        "<body><h1>关于印发《校舍检修方案》的通知</h1><p>临教发〔2024〕3号</p><p>各中小学：</p><p>请遵照执行。</p>"
        '<p style="text-align:right">2024年5月6日</p><p style="text-align:center">校舍检修方案</p><p>一、目标</p>'
        "<p>8月底前完成。</p></body>"
    )
    assert values(parsed(page, "a.html"), "issued_on") == ["2024-05-06"]


def test_labels_in_brackets_as_collections_of_laws_have_them() -> None:
    labels = "【发布单位】青溪县人民政府\n【发布文号】青政发〔2024〕8号\n"
    document = parsed(labels + "青溪县殡葬管理办法\n第一条　制定本办法。\n第二条　施行。")
    assert (document.number, document.title) == ("青政发〔2024〕8号", "青溪县殡葬管理办法")
    assert values(document, "issuer") == ["青溪县人民政府"]
    assert [c.path for c in document.clauses if c.path.startswith("第")] == ["第一条", "第二条"]
