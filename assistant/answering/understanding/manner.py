"""In what manner something is asked: as a list, a count, part by part, for yes or no, for a difference."""

from __future__ import annotations

import re

LIST = re.compile(
    "都有啥|有啥|做什么|干什么|干啥|做啥|做哪|列一下|都列|哪些|列出|列举|全部|所有|分别|几(?:个|项|件|家|条|方面|类|种)|多少(?:个|项|件|家|条)|清单|有什么|各(?:由|是|自)|都有|罗列"
)
"""Several things, named one by one."""

COUNT = re.compile("几(?:个|项|件|家|条|方面|类|种|次)|多少(?:个|项|件|家|条|名|人|所|次|亩|万|元)?")
"""A number of things."""

SECTIONS = re.compile("(?:[一二三四五六七八九十几0-9]|各|每)个?(?:大)?(?:方面|部分|板块|大类|大项)")
"""Each part of a document."""

YES_NO = re.compile(
    "(?:吗|对吗|对不对|是不是|是否|对么|属实|吧)[？?。]*$|^(?:是不是|是否)|对不对|对吗|是吧|是不是(?!谁|哪)"
)
"""Whether something asserted is so."""

LISTING = re.compile(
    "哪[一几]?(?:项|个|件|条)(?:任务|事项|工作)|(?:的|任务|事项|工作)(?:有)?(?:呢|吗)?[？?。]*$|列[出表一]|统计|汇总|哪个[^，。]{0,8}(?:最|更)[多少]"
)
"""Rows of the ledger."""

DIFFERS = re.compile(
    "(?:有(?:什么|何|啥|没有|无)?|有哪些)?(?:不同|区别|差异|出入|不一样|不一致)|一样(?!的)|一致|相同|相比|对比|比较|哪(?:个|份)(?:更)?[早晚多少高低大小长短宽严]"
)
"""How two things differ."""


def is_listing(text: str) -> bool:
    """Whether rows of the ledger are asked for, one by one or counted."""
    return bool(LISTING.search(text) or LIST.search(text) or COUNT.search(text))
