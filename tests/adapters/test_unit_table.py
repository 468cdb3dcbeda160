"""A place's own units: read from a table, put before the product's registry, in effect without a new ingest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.database.commitments import rules_fingerprint
from assistant.adapters.unit_table import read_bodies
from assistant.domain.duties.reading import read_duties
from assistant.domain.units.names import find_units, same_unit, split_units
from assistant.domain.units.registry import adopt, bodies, listed
from assistant.errors import SettingsError
from assistant.faces.unit_table import unit_table

TABLE = "name,aliases,level\n江城艺术与设计工坊,艺设工坊 工坊联合社,企业\n"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    adopt(())


def _adopt(folder: Path, text: str = TABLE, encoding: str = "utf-8") -> None:
    path = folder / "units.csv"
    path.write_bytes(text.encode(encoding))
    adopt(read_bodies(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_names_of_the_table_are_found_whole_and_their_aliases_mean_them(tmp_path: Path, encoding: str) -> None:
    text = "由江城艺术与设计工坊牵头，市教育局配合。"
    assert not same_unit("艺设工坊", "江城艺术与设计工坊")
    _adopt(tmp_path, encoding=encoding)
    assert [u.name for u in find_units(text)] == ["江城艺术与设计工坊", "市教育局"]
    assert split_units("江城艺术与设计工坊和市教育局") == ("江城艺术与设计工坊", "市教育局")
    assert same_unit("艺设工坊", "江城艺术与设计工坊")
    assert [(d.leads, d.cooperators) for d in read_duties("艺设工坊要编制目录。")] == [(("艺设工坊",), ())]
    adopt(())
    assert listed("艺设工坊") is None


def test_another_table_is_another_set_of_rules(tmp_path: Path) -> None:
    plain = rules_fingerprint()
    _adopt(tmp_path)
    first = rules_fingerprint()
    _adopt(tmp_path, TABLE.replace("艺设工坊", "艺设坊"))
    assert len({plain, first, rules_fingerprint()}) == 3
    adopt(())
    assert rules_fingerprint() == plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,level\n工坊,坊\n", "第 2 行的 level 一栏“坊”不对"),
        ("name,valid_from\n甲工坊,2020\n乙工坊,去年\n", "第 3 行的 valid_from 一栏“去年”不对"),
        ("name,aliases\n,工坊\n", "第 2 行的 name 一栏“”不对"),
        ("单位,别名\n工坊,坊\n", "没有名为“别名、单位”的栏"),
        ("aliases\n工坊\n", "缺少 name 一栏"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        _adopt(tmp_path, text)


def test_a_missing_file_is_told_and_none_is_none(tmp_path: Path) -> None:
    assert read_bodies(None) == ()
    with pytest.raises(SettingsError, match="读不了单位名录"):
        read_bodies(tmp_path / "none.csv")


def test_a_drafted_table_can_be_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "draft.csv").write_bytes(unit_table([("丰乐林场", ()), ("江城印染公司", ("印染公司", "江城印染"))]))
    drafted = read_bodies(tmp_path / "draft.csv")
    assert [(b.name, b.level, b.possible_same) for b in drafted] == [
        ("丰乐林场", "", ()),
        ("江城印染公司", "企业", ("印染公司", "江城印染")),
    ]
    before = len(bodies())
    adopt(drafted)
    assert len(bodies()) == before + 2
