"""Each phrasing of responsibility with a sentence of its own."""

from __future__ import annotations

import time

import pytest

from assistant.domain.duties.reading import RULES, Duty, read_duties, states_first_leads


def _one(text: str) -> Duty:
    duties = read_duties(text)
    assert len(duties) == 1, duties
    return duties[0]


@pytest.mark.parametrize(
    ("text", "leads", "cooperators", "role"),
    [
        ("由市财政局牵头建设采购平台。", ("市财政局",), (), "牵头"),
        ("由市财政局和市商务局双牵头的采购联盟正式成立。", ("市财政局", "市商务局"), (), "双牵头"),
        ("由市水利局牵头，市气象局配合，编制防汛手册。", ("市水利局",), ("市气象局",), "牵头"),
        ("市民政局牵头，面向社区开展走访。", ("市民政局",), (), "牵头"),
        ("由市体育局协调各相关部门办好赛事。", ("市体育局",), (), "协调"),
        ("市审计局要会同市财政局、市税务局等部门开展检查。", ("市审计局",), ("市财政局", "市税务局"), "责任"),
        ("修订目录。（市商务局、市统计局负责）", ("市商务局", "市统计局"), (), "负责"),
        (
            "建设仓储中心（市商务局牵头，市交通运输局、市财政局参与）。",
            ("市商务局",),
            ("市交通运输局", "市财政局"),
            "牵头",
        ),
        ("[责任单位：市住建局、市城管局]", ("市住建局", "市城管局"), (), "责任"),
        ("（牵头单位：市卫健委，配合单位：市医保局）", ("市卫健委",), ("市医保局",), "牵头"),
        (
            "序号：2；任务：修订名录；牵头单位：市林业局；配合单位：市水利局、市公安局；完成时限：6月底前",
            ("市林业局",),
            ("市水利局", "市公安局"),
            "牵头",
        ),
        ("主动对接高校，配合省科技厅指导实验室建设。", ("省科技厅",), (), "配合"),
        ("将由信息产业部牵头，抓紧研究制定。", ("信息产业部",), (), "牵头"),
    ],
)
def test_phrasings(text: str, leads: tuple[str, ...], cooperators: tuple[str, ...], role: str) -> None:
    duty = _one(text)
    assert (duty.leads, duty.cooperators, duty.role) == (leads, cooperators, role)
    assert all(unit in duty.span.of(text) for unit in (*duty.leads, *duty.cooperators))


@pytest.mark.parametrize(
    "text",
    [
        "联盟由政府相关部门牵头，企业共同参与。",
        "要发挥牵头单位作用。",
        "各县区、各部门按职责分工负责。",
        "实行理事会领导下的秘书处负责制。",
        "市财政局负责人出席会议。",
        "理事长由市财政局和市商务局的负责同志担任。",
        "行业发展势头良好。",
    ],
)
def test_sentences_that_commit_nobody(text: str) -> None:
    assert read_duties(text) == []


def test_one_plan_governs_the_list_that_follows() -> None:
    text = "其中，拟由市财政局牵头建立采购平台；由市商务局牵头建立物流平台；由市体育局牵头举办的赛事已完成。"
    duties = read_duties(text)
    assert [d.leads for d in duties] == [("市财政局",), ("市商务局",), ("市体育局",)]
    assert [d.status.state for d in duties] == ["planned", "planned", "done"]


def test_the_first_in_a_bracket_leads_where_the_document_says_so() -> None:
    rule = "扩大试点。（市税务局、市财政局负责，排在第一位的部门为牵头部门，下同）"
    assert states_first_leads(rule)
    assert _one(rule).leads == ("市税务局",)
    later = "完善平台。（市商务局、市海关负责）"
    assert read_duties(later, first_leads=True)[0].leads == ("市商务局",)
    assert read_duties(later)[0].leads == ("市商务局", "市海关")


def test_the_task_is_what_follows_the_units() -> None:
    assert _one("拟由市财政局和市商务局牵头建立采购平台。").task.startswith("建立采购平台")
    assert _one("由市水利局牵头，市气象局配合，编制防汛手册。").task.startswith("编制防汛手册")


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("比赛由市总工会主办，市体育局承办。", [("主办", ("市总工会",)), ("承办", ("市体育局",))]),
        ("由省生态环境厅指导、市水务局具体负责整治河道。", [("指导", ("省生态环境厅",)), ("负责", ("市水务局",))]),
        ("会议决定，由市财政局安排专项资金。", [("责任", ("市财政局",))]),
        ("请市审计局于4月底前汇总意见。", [("责任", ("市审计局",))]),
        ("2025年3月底前，市数据局发布目录。", [("责任", ("市数据局",))]),
        ("秘书处设在市商会，承担日常工作。", [("承担", ("秘书处",))]),
        ("我局将会同市财政局研究标准。", [("责任", ("我局",))]),
        ("发展新业态。（市商务局牵头，市财政局指导）", [("牵头", ("市商务局",)), ("指导", ("市财政局",))]),
        ("改造管网。（市水务局、各县（市、区）政府负责）", [("负责", ("市水务局",))]),
        ("（市税务局、市财政局等负责。列第一位者为牵头单位，下同）", [("牵头", ("市税务局",))]),
        ("牵头单位：市审计局。配合单位：市财政局。", [("牵头", ("市审计局",))]),
    ],
)
def test_several_parts_requests_and_organs(text: str, parties: list[tuple[str, tuple[str, ...]]]) -> None:
    duties = read_duties(text)
    assert [(d.role, d.leads) for d in duties] == parties
    assert all(d.rule in RULES for d in duties)


@pytest.mark.parametrize(
    "text",
    [
        "您提出的“由市财政局牵头补贴”的建议很有价值。",
        "《关于由市财政局牵头设立基金的通知》已废止。",
        "由市财政局拨付的资金已经用完。",
        "办公室设在市商务局，由市商务局局长兼任主任。",
        "原由市经信委承担的职责已经划转。",
        "由县级以上地方人民政府负责监督。",
    ],
)
def test_quotations_descriptions_and_classes_commit_nobody(text: str) -> None:
    assert [d.leads for d in read_duties(text) if d.role != "责任" or d.leads] == []


def test_brackets_of_one_sentence_close_a_measure_each() -> None:
    text = "修订目录（市商务局负责），扩大试点（市税务局负责）。"
    assert [d.span.of(text) for d in read_duties(text)] == ["修订目录（市商务局负责）", "，扩大试点（市税务局负责）"]


@pytest.mark.parametrize(
    "text",
    [
        "（市教育局负责" * 14_000,
        "（市教育局负责）" * 12_500,
        "由市教育局" * 20_000,
        "市教育局牵头" * 16_000,
        "由甲调整为" * 20_000,
    ],
)
def test_reading_is_linear(text: str) -> None:
    started = time.process_time()
    read_duties(text)
    assert time.process_time() - started < 20  # about 1 s; quadratic reading took minutes


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("市水务局表示，将于年内完成管网改造。", [("责任", ("市水务局",), ())]),
        ("市水务局答复意见：拟于5月底前改造管网。", [("责任", ("市水务局",), ())]),
        ("扩大种植面积，三年内达到五万亩。（市林业局、市财政局）", [("责任", ("市林业局", "市财政局"), ())]),
        ("督导室每月通报一次进展。", [("责任", ("督导室",), ())]),
        ("由总务科会同保卫处清查库房。", [("责任", ("总务科",), ("保卫处",))]),
        ("相关工作由市林业局（市绿化委员会办公室）承担。", [("承担", ("市林业局",), ())]),
        ("配合市林业局开展补植，配合市水务局清理河道。", [("配合", ("市林业局",), ()), ("配合", ("市水务局",), ())]),
        ("苗木检疫由市农业局移交市林业局办理。", [("责任", ("市林业局",), ())]),
        ("省林业局指导，市林业局牵头，江城林学院提供技术支撑。", [
            ("指导", ("省林业局",), ()), ("牵头", ("市林业局",), ("江城林学院",)),
        ]),
        ("江城林学院作为理事长单位，牵头制定章程。", [("牵头", ("江城林学院",), ())]),
        ("市林业局对成活率高的乡镇给予奖补。", [("责任", ("市林业局",), ())]),
        ("目前市林业局正对接市水务局，争取纳入规划。", [("责任", ("市林业局",), ("市水务局",))]),
        ("由市林业局牵头，联合市水务局赴外地考察。", [("牵头", ("市林业局",), ("市水务局",))]),
        ("市林业局：已组织巡护十二次。", [("责任", ("市林业局",), ())]),
        ("我局会办意见如下：积极配合市林业局做好补植。", [("配合", ("市林业局",), ())]),
        ("会后，市林业局要尽快牵头拟定细则。", [("牵头", ("市林业局",), ())]),
        ("市林业局在编制规划时，将充分吸收您的建议。", [("责任", ("市林业局",), ())]),
        ("市林业局和相关科研项目管理部门要分别修订办法。", [("责任", ("市林业局",), ())]),
        ("依照《森林法实施细则》第八条的规定，由市林业局实施审批。", [("责任", ("市林业局",), ())]),
        ("专班办公室设在市林业局，由市水务局派人参加，具体负责日常工作。", [("负责", ("专班办公室",), ("市水务局",))]),
        ("由市林业局牵头办理，市水务局会同办理。", [("牵头", ("市林业局",), ("市水务局",))]),
        ("市林业局牵头补植，江城苗木公司派技术骨干参与。", [("牵头", ("市林业局",), ("江城苗木公司",))]),
        ("教务处每日巡查教室。", [("责任", ("教务处",), ())]),
        ("学生处、团委配合教务处做好预警。", [("配合", ("教务处",), ("学生处", "团委"))]),
        ("原市绿化办承担的职责由市林业局承接。", [("责任", ("市林业局",), ())]),
        ("施工单位市园林集团要倒排工期。", [("责任", ("市园林集团",), ())]),
        ("缺口由市林业局、市水务局各承担一半。", [("承担", ("市林业局", "市水务局"), ())]),
        ("我局第一时间会同市水务局实地查看。", [("责任", ("我局",), ("市水务局",))]),
        ("市林业局会同市水务局研究提出了意见：市林业局今年已将该河段列入计划。", [("责任", ("市林业局",), ())]),
        ("牵头单位由市农业局调整为市林业局，市农业局转为配合单位。", [("牵头", ("市林业局",), ("市农业局",))]),
        ("责任单位 ： 市林业局　市水务局　　完成时限 ： 5月底", [("责任", ("市林业局", "市水务局"), ())]),
        ("[牵头单位：市林业局；责任单位：市水务局、各市、州人民政府]", [("牵头", ("市林业局",), ("市水务局",))]),
    ],
)  # fmt: skip
def test_replies_inner_offices_and_other_phrasings_of_local_papers(
    text: str, parties: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
) -> None:
    found = [(d.role, d.leads, d.cooperators) for d in read_duties(text)]
    assert sorted(found) == sorted(parties)


@pytest.mark.parametrize(
    "text",
    [
        "难道只有市林业局牵头，树才种得活吗？",
        "建议市林业局牵头、市财政局配合，设立专项资金。",
        "邻市由市林业局牵头种了三万亩，成效明显。",
        "经了解，市林业局已启动二期工程。",
        "有网民称，由市林业局负责的公园常年关门。",
        "原则上由一所高职学校牵头，企业共同参与。",
        "三家单位（市林业局、市水务局、市财政局）参加了会议。",
        "由国务院疾病预防控制部门会同海关总署编制目录。",
        "名誉会长由市林业局聘请。",
        "市林业局承担的风险责任比例不低于两成。",
        "所需经费由国家承担。",
        "派出机构向市林业局负责。",
        "争议由市林业局局长批准。",
        "市林业局作为主办单位，会同市水务局认真研究，现答复如下。",
        "您反映的问题，市林业局已转市水务局办理。",
    ],
)
def test_questions_asks_hearsay_and_classes_commit_nobody(text: str) -> None:
    assert read_duties(text) == []


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("市林业局已将古树纳入名录，并计划组织普查。", "done"),
        ("您的建议，市林业局已采纳，将于8月补种。", "planned"),
        ("由市林业局筹建的种子库即将投用。", "planned"),
        ("由市林业局负责，扎实推进封山育林。", "unclear"),
        ("由市林业局负责的封山育林扎实推进。", "in_progress"),
        ("市林业局牵头，7月1日起正式运行。", "unclear"),
        ("截至2月底，市林业局新建苗圃十二处。", "done"),
        ("上半年，市林业局共组织巡护九次。", "done"),
        ("市林业局近期将新增两处苗圃。", "planned"),
        ("今年以来，市林业局联合市水务局清理河道九处。", "done"),
        ("方案正由市林业局组织评审。", "in_progress"),
        ("由市林业局负责的补植今年计划开工九处。", "planned"),
        ("由市林业局负责的苗圃于去年12月竣工。", "done"),
        ("鉴于苗圃已完成改制，由市林业局接管。", "unclear"),
        ("由市林业局牵头的规划已形成初稿，拟于4月征求意见。", "in_progress"),
        ("市林业局将继续关注各方面的进展。", "planned"),
    ],
)
def test_how_far_it_is(text: str, state: str) -> None:
    assert _one(text).status.state == state


@pytest.mark.parametrize(
    ("text", "leads", "cooperators", "role"),
    [
        (
            "任务：疏浚河道；分工：牵头：市园林局；配合：市审计局、各区园林局；时限：7月底",
            ("市园林局",),
            ("市审计局",),
            "牵头",
        ),
        ("任务：疏浚河道；责任：牵头单位：市园林局，协办单位：市审计局", ("市园林局",), ("市审计局",), "牵头"),
        ("任务：疏浚河道；责任单位：市园林局（牵头）、市审计局；时限：7月底", ("市园林局",), ("市审计局",), "牵头"),
        ("任务：疏浚河道；责任单位：市园林局、市审计局（配合）；时限：7月底", ("市园林局",), ("市审计局",), "责任"),
        ("任务：疏浚河道；牵头/配合单位：市园林局/市审计局、市林业局", ("市园林局",), ("市审计局", "市林业局"), "牵头"),
        ("任务：疏浚河道；牵头单位（配合单位）：市园林局（市审计局）", ("市园林局",), ("市审计局",), "牵头"),
        ("任务：疏浚河道；责任单位：市园林局牵头 市审计局配合", ("市园林局",), ("市审计局",), "牵头"),
        ("任务：疏浚河道；牵头单位：各区园林局；配合单位：市审计局", ("各区园林局",), ("市审计局",), "牵头"),
        ("任务：疏浚河道；牵头单位：各县（市、区）园林局", ("各县（市、区）园林局",), (), "牵头"),
        ("任务：疏浚河道；责任单位：各区政府、市园林局", ("市园林局",), (), "责任"),
        ("任务：疏浚河道；牵头单位：各有关部门；配合单位：市审计局", (), ("市审计局",), "配合"),
        ("任务：疏浚河道；项目业主：市园林集团", ("市园林集团",), (), "责任"),
    ],
)
def test_cells_that_hold_several_parts(
    text: str, leads: tuple[str, ...], cooperators: tuple[str, ...], role: str
) -> None:
    (duty,) = read_duties(text, row=True)
    assert (duty.leads, duty.cooperators, duty.role) == (leads, cooperators, role)
    assert duty.task == "疏浚河道"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("由市林业局主办、市园林中心代建。", [(("市林业局",), "主办"), (("市园林中心",), "责任")]),
        ("由县林业局提供图纸、县审计局协助核算。", [(("县林业局",), "责任")]),
        ("限江城园林公司于5月1日前恢复绿地。", [(("江城园林公司",), "责任")]),
        ("市林业局工作职责：负责古树保护。", [(("市林业局",), "负责")]),
        ("专家库由市林业局、市园林局推荐人员组成。", []),
        ("评审组组长单位为市林业局。", [(("市林业局",), "牵头")]),
        ("江城园林集团共同出资设立绿化基金。", [(("江城园林集团",), "责任")]),
        ("补植行道树三千株。[市林业局、市园林中心等]", [(("市林业局", "市园林中心"), "责任")]),
        ("市教育考试院负责编制命题计划。", [(("市教育考试院",), "负责")]),
    ],
)
def test_second_parts_designations_and_deadlines_set_to_others(
    text: str, said: list[tuple[tuple[str, ...], str]]
) -> None:
    assert [(d.leads, d.role) for d in read_duties(text)] == said


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("任务：栽树；责任单位：市林业局；备注：苗木已落实", "unclear"),
        ("任务：栽树；责任单位：市林业局；进展：已完成", "done"),
    ],
)
def test_a_remark_in_a_row_is_no_status(text: str, state: str) -> None:
    (duty,) = read_duties(text, row=True)
    assert duty.status.state == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("市林业局承担的补植任务已逾期一个月。", "unclear"),
        ("由市林业局负责，三处绿地全部完工。", "done"),
        ("由市林业局负责，年底前三处绿地全部完工。", "unclear"),
        ("市督查室将予以通报。", "planned"),
        ("市林业局已于4月2日开工。", "in_progress"),
    ],
)
def test_late_finished_and_begun(text: str, state: str) -> None:
    assert _one(text).status.state == state


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我市林业局正会同市园林局编制名录。", [(("市林业局",), "责任")]),
        ("由我县林业局统一编制名录。", [(("县林业局",), "责任")]),
        ("由市园林集团作为项目法人，负责绿道建设。", [(("市园林集团",), "负责")]),
        ("市林业局协调市园林集团腾出苗圃，交江城职业大学使用。", [(("市林业局",), "协调")]),
        ("市林业局：1.牵头编制绿化规划；2.指导苗圃建设。", [(("市林业局",), "牵头")]),
        ("该项目实施主体为市园林集团。", [(("市园林集团",), "责任")]),
        ("评审组由江城林业集团工会、江城园林学院各派一人组成。", []),
        ("由市园林中心对护林小组成员开展培训。", [(("市园林中心",), "责任")]),
        ("多年来，市林业局先后实施绿化工程三期。", []),
        ("多年来，市林业局先后实施绿化工程三期，今年将启动四期。", [(("市林业局",), "责任")]),
        ("对逾期项目，市林业局予以清退。", [(("市林业局",), "责任")]),
        ("新建口袋公园80家（市林业局，市园林局）。", [(("市林业局", "市园林局"), "责任")]),
        ("由两家（市林业局、市园林局）共商。", []),
    ],
)
def test_own_bodies_owners_and_what_has_long_been_so(text: str, said: list[tuple[tuple[str, ...], str]]) -> None:
    assert [(d.leads, d.role) for d in read_duties(text)] == said


@pytest.mark.parametrize("word", ["督办", "督导", "予以督办"])
def test_who_oversees_beside_the_one_in_charge_has_no_duty_of_its_own(word: str) -> None:
    duties = read_duties(f"8月底前修好校门，由临水县教育局负责，市教育局{word}。")
    assert [d.leads for d in duties] == [("临水县教育局",)]


def test_who_alone_oversees_has_that_duty() -> None:
    assert [d.leads for d in read_duties("市教育局督办校门修缮。")] == [("市教育局",)]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("任务：校舍主体完工；牵头单位：县教育局；完成时限：4月底前", "unclear"),
        ("任务：启动实施校门改造；牵头单位：县教育局；时间节点：4月", "unclear"),
        ("任务：校舍主体完工；牵头单位：县教育局；完成时限：4月底前；进展：主体完工", "in_progress"),
        ("任务：已启动校门改造；牵头单位：县教育局；完成时限：4月底前", "in_progress"),
        ("任务：新增招生计划90人；牵头单位：县教育局；完成时限：6月底前", "unclear"),
    ],
)
def test_what_a_table_of_tasks_wants_is_no_news(row: str, state: str) -> None:
    assert [d.status.state for d in read_duties(row, row=True)] == [state]
