"""Names of units: found in running text, split from lists, compared inside one jurisdiction."""

from __future__ import annotations

import time

import pytest

from assistant.domain.units import any_same, find_units, is_generic, same_unit, split_units


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
        ("教育部门要加强部署，全部完成", []),
        ("委托第三方办理，召开会议", []),
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


@pytest.mark.parametrize("name", ["有关部门", "各成员单位", "政府相关部门", "各省级人民政府", "相关单位"])
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
    started = time.perf_counter()
    find_units(text)
    assert time.perf_counter() - started < 2.0
