"""Names of units: found in running text, split from lists, compared inside one jurisdiction."""

from __future__ import annotations

import time

import pytest

from assistant.domain.units.names import any_same, find_units, is_generic, named_bodies, same_unit, split_units
from assistant.domain.units.registry import bodies, functions, listed


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("由市财政局和市商务局牵头建立采购平台", ["市财政局", "市商务局"]),
        ("由高新区管委会负责园区改造", ["高新区管委会"]),
        ("由经开区管委会负责厂房改造", ["经开区管委会"]),
        ("市文化广播电视和旅游局会同市体育局办理", ["市文化广播电视和旅游局", "市体育局"]),
        ("吉林市教育局印发通知", ["吉林市教育局"]),
        ("国家发展改革委、工业和信息化部参与", ["国家发展改革委", "工业和信息化部"]),
        ("经省委组织部同意", ["省委组织部"]),
        ("联合体秘书处负责会务", ["联合体秘书处"]),
        ("市教育体育局、市科技工信局共同牵头", ["市教育体育局", "市科技工信局"]),
        ("江城市文化旅游体育局负责场馆开放", ["江城市文化旅游体育局"]),
        ("教育部门要加强部署，全部完成", []),
        ("委托第三方办理，召开会议", []),
        ("由职成科牵头，督导室、招考中心配合", ["职成科", "督导室", "招考中心"]),
        ("市教育局职成科负责", ["市教育局职成科"]),
        ("学科建设与教室改造，研究室内空气", []),
        ("河北省委和省政府要履行责任", ["河北省委", "省政府"]),
        ("市体育局已开放学校场馆", ["市体育局"]),
        ("市城管局路灯管理处于6月修复", ["市城管局路灯管理处"]),
    ],
)
def test_units_in_running_text(text: str, names: list[str]) -> None:
    assert [u.name for u in find_units(text)] == names
    assert all(u.span.of(text) == u.name for u in find_units(text))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市财政局、市商务局和市审计局", ("市财政局", "市商务局", "市审计局")),
        ("市人力资源和社会保障局、市住房和城乡建设局", ("市人力资源和社会保障局", "市住房和城乡建设局")),
        ("市民政局等有关部门", ("市民政局",)),
        ("各县区、有关部门", ()),
        ("市水利局会同市气象局", ("市水利局", "市气象局")),
    ],
)
def test_lists_split_between_names_and_not_inside_them(text: str, names: tuple[str, ...]) -> None:
    assert split_units(text) == names


@pytest.mark.parametrize(
    "name",
    ["有关部门", "各成员单位", "政府相关部门", "各省级人民政府", "相关单位", "青藏高原省级人民政府", "一所高职学校"],
)
def test_groups_are_generic(name: str) -> None:
    assert is_generic(name)


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("教育局", "市教育局", True),
        ("市教育局", "吉林市教育局", True),
        ("市文广旅局", "市文化广播电视和旅游局", True),
        ("市人社局", "市人力资源和社会保障局", True),
        ("市教育局", "省教育厅", False),
        ("市教育局", "教育部", False),
        ("市教育局", "县教育局", False),
        ("化工园区", "化工园区管委会", False),
        ("市财政局", "市商务局", False),
    ],
)
def test_same_unit_inside_one_jurisdiction(left: str, right: str, same: bool) -> None:
    assert same_unit(left, right) is same
    assert same_unit(right, left) is same
    assert any_same(left, (right,)) is same


@pytest.mark.parametrize("text", ["市" * 100_000, "市教育学和理事联合会" * 10_000, "和、由" * 33_333])
def test_reading_is_linear(text: str) -> None:
    started = time.process_time()
    find_units(text)
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("省政府", "市政府", False),
        ("长春市教育局", "吉林市教育局", False),
        ("经开区管委会", "高新区管委会", False),
        ("国家发展改革委", "国家发展和改革委员会", True),
        ("税务总局", "国家税务总局", True),
        ("市委宣传部", "宣传部", True),
        ("农业部", "农业农村部", False),  # one became the other; they are not the same body
        ("省政协", "市政协", False),
    ],
)
def test_listed_names_levels_and_places_decide(left: str, right: str, same: bool) -> None:
    assert same_unit(left, right) is same
    assert same_unit(right, left) is same


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("由海关总署负责", ["海关总署"]),
        ("市公交集团要增加班次", ["市公交集团"]),
        ("大学城周边由市公安局整治", ["市公安局"]),
        ("市交通运输局负责建设市级物流中心", ["市交通运输局", "市级物流中心"]),
        ("中央和国家机关工委、粮食和储备局参与", ["中央和国家机关工委", "粮食和储备局"]),
        ("建议湖北省人民政府办理", ["湖北省人民政府"]),
        ("监督市公交集团整改", ["市公交集团"]),
        ("规划局部调整", []),
        ("由县级以上地方人民政府负责", []),
    ],
)
def test_names_end_where_the_next_word_begins(text: str, names: list[str]) -> None:
    assert [u.name for u in find_units(text)] == names


def test_the_registry_tells_when_a_name_was_in_use_and_what_it_became() -> None:
    body = listed("国家环保总局")
    assert body is not None
    assert (body.name, body.became) == ("环保总局", "环境保护部")
    assert body.in_use(2005)
    assert not body.in_use(2019)
    assert all(listed(b.became) for b in bodies() if b.became)
    assert functions()["人力资源和社会保障"] == "人社"


def test_names_without_the_end_of_a_body_are_none() -> None:
    assert named_bodies(("市财政局", "自身", "公安机关", "市公交集团", "项目承担")) == ("市财政局", "市公交集团")
