"""Labels of documents and who may see them."""

from __future__ import annotations

import pytest

from assistant.domain.access import (
    HIDDEN,
    INTERNAL,
    LOCAL,
    PUBLIC,
    ApiKey,
    Clearance,
    Identity,
    Scope,
    Visibility,
    WidgetPass,
)

PERSONNEL = Visibility("departments", frozenset({"人事处"}))
TWO = Visibility("departments", frozenset({"人事处", "组织部"}))


@pytest.mark.parametrize(
    ("text", "label", "shown"),
    [
        ("公开", PUBLIC, "公开"),
        (" internal ", INTERNAL, "内部"),
        ("部门:人事处", PERSONNEL, "部门:人事处"),
        ("按部门：人 事处、 组织部，人事处", TWO, "部门:人事处、组织部"),
    ],
)  # fmt: skip
def test_labels_are_read_as_people_write_them(text: str, label: Visibility, shown: str) -> None:
    assert Visibility.parse(text) == label
    assert str(label) == shown
    assert Visibility.parse(str(label)) == label


@pytest.mark.parametrize("text", ["", "秘密", "部门:", "部门: 、", "公开 内部"])
def test_what_is_no_label_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="可见范围"):
        Visibility.parse(text)


def test_who_sees_what() -> None:
    nobody, staff = Clearance(), Clearance(internal=True)
    personnel = Clearance(internal=True, departments=frozenset({"人事处"}))
    table = {
        nobody: (True, False, False, False),
        staff: (True, True, False, False),
        personnel: (True, True, True, False),
        LOCAL.clearance: (True, True, True, True),
    }
    for clearance, seen in table.items():
        assert tuple(map(clearance.sees, (PUBLIC, INTERNAL, PERSONNEL, HIDDEN))) == seen


def test_a_text_in_several_places_has_the_strictest_of_its_labels() -> None:
    finance = Visibility("departments", frozenset({"财务处"}))
    assert Visibility.strictest([PUBLIC, PUBLIC]) == PUBLIC
    assert Visibility.strictest([PUBLIC, INTERNAL]) == INTERNAL
    assert Visibility.strictest([PUBLIC, PERSONNEL, finance]).departments == {"人事处", "财务处"}
    assert Visibility.strictest([PUBLIC, HIDDEN]) == HIDDEN


def test_a_widgets_token_never_opens_more_than_its_key() -> None:
    clearance = Clearance(True, frozenset({"人事处", "财务处"}))
    key = ApiKey("k1", "门户", frozenset(Scope) - {Scope.ADMIN}, clearance, "2024")
    seen = WidgetPass("k1", "u1", "https://oa.example", frozenset({"人事处", "组织部"})).identity(key)
    assert seen == Identity("widget:k1:u1", frozenset({Scope.ASK, Scope.READ}), Clearance(True, frozenset({"人事处"})))
    assert WidgetPass("k1", "u2", "https://oa.example").identity(key).clearance == key.clearance


def test_an_administrator_may_do_everything_and_others_what_their_scopes_say() -> None:
    reader = Identity("key:1", frozenset({Scope.READ}))
    assert [reader.may(scope) for scope in Scope] == [False, True, False, False, False]
    assert all(Identity("key:2", frozenset({Scope.ADMIN})).may(scope) for scope in Scope)
