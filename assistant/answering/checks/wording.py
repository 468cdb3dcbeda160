"""Words of folded text: which carry matter, which mean the same, what two texts share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.answering.checks.sources import GENERIC

HAN = re.compile("[一-鿿]")
# Wordings of one meaning in official prose; the first of a line stands for the others in every comparison. Pairs of
# opposites (增加, 减少) and words that say how far a matter is (拟, 已) are never in one line.
_SAME = [
    line.split()
    for line in (
        "召开 举行 举办",
        "补助 补贴 资助 奖补",
        "印发 公布 发布 下发 出台 颁布 公开发布",
        "完成 完工 竣工 办结 建成",
        "建立 设立 成立 组建 创建 设置 新设",
        "研究 讨论",
        "时限 期限 时间",
        "增加到 增加至 调高到 调高至 提高到 提高至 提升到 提升至 上升到 上升至 上升为 增至 增到 "
        "升至 升到 升为 扩大到 扩大至 扩至",
        "减少到 减少至 降低到 降低至 下降到 下降至 降至 降到 降为 压减到 压减至 缩短到 缩短至",
        "调整为 调整到 调整至 改为 改成 变更为 变为 更改为 更换为 改由 调整由 换成",
        "调整 变更 更改 更换",
        "制定 制订 编制 起草 拟订 拟定 研究制定",
        "启动 开始 开工 动工 着手",
        "增加 新增 增设 扩充 扩大 增长 提高 提升 上浮 上调 调高 上升",
        "减少 降低 下降 压减 压缩 削减 缩减 下浮 下调",
        "使用 利用 运用",
        "投用 投入使用 投入运行 启用",
        "配合 协助 协同",
        "参加 参与",
        "聘请 邀请",
        "全市 我市 本市 该市 全城",
        "本局 我局 该局",
        "名额 人数",
        "签订 签署 签约",
        "禁止 不得 严禁 不准 不许 不可 不能 不允许",
        "未 没有 尚未 还没有 还没 仍未 并未 暂未 没能 未能",
        "采纳 采用 予以采纳",
        "告知 通知",
        "报送 上报 报给 呈报",
        "移交 交给 转交",
        "提出 拿出",
        "提名 提出人选",
        "实现 做到",
        "逾期 过期",
        "原因 缘由",
        "费用 经费 资金",
        "学生 学员",
        "承担 负责",
        "检查 排查",
        "整改 整治 治理",
        "普惠性 普惠",
        "包括 包含 涵盖",
        "期满 届满 到期",
        "定于 安排在",
        "设在 设于 落户于 位于",
        "评估 评价 考评",
        "审议 审定",
        "购买 采购",
        "负责人 负责同志",
        "实训基地 实习实训基地",
        "名册 名单",
    )
]
_MEANING = {word: line[0] for line in _SAME for word in line[1:]}
_WORDS = re.compile("|".join(map(re.escape, sorted(_MEANING, key=len, reverse=True))))


@lru_cache(maxsize=8192)
def canonical(text: str) -> str:
    """The folded text with one word for each meaning, for comparing; never for showing."""
    return _WORDS.sub(lambda m: _MEANING[m.group()], text)


def content(piece: str) -> str:
    """The Han characters of a text that carry matter; the rest is blank."""
    return GENERIC.sub(" ", re.sub("[^一-鿿]", " ", piece))


def pairs_of(text: str) -> set[str]:
    """All pairs of neighbouring Han characters."""
    return {text[i : i + 2] for i in range(len(text) - 1) if HAN.match(text[i]) and HAN.match(text[i + 1])}


@lru_cache(maxsize=8192)
def weighed_pairs(text: str) -> dict[str, float]:
    """Pairs of neighbouring Han characters: 1 for two that carry matter, less where one or both are of a light word."""
    light = [False] * len(text)
    for match in GENERIC.finditer(text):
        for i in range(*match.span()):
            light[i] = True
    found: dict[str, float] = {}
    for i in range(len(text) - 1):
        if HAN.match(text[i]) and HAN.match(text[i + 1]):
            weight = (1.0, 0.4, 0.2)[light[i] + light[i + 1]]
            pair = text[i : i + 2]
            found[pair] = max(weight, found.get(pair, 0.0))
    return {pair: weight for pair, weight in found.items() if weight}


def uncovered_runs(bare: str, known: str) -> list[str]:
    """Runs of two or more Han characters that share no pair with ``known``."""
    found: list[str] = []
    for run in re.findall("[一-鿿]{2,}", bare):
        covered = [False] * len(run)
        for i in range(len(run) - 1):
            if run[i : i + 2] in known:
                covered[i] = covered[i + 1] = True
        start = None
        for i, hit in enumerate([*covered, True]):
            if not hit and start is None:
                start = i
            elif hit and start is not None:
                if i - start >= 2:
                    found.append(run[start:i])
                start = None
    return found


def share_covered(piece: str, text: str) -> float:
    """The share of pairs of Han characters that a text holds."""
    pairs = pairs_of(piece)
    return sum(1 for p in pairs if p in text) / len(pairs) if pairs else 0.0


def is_subsequence(short: str, long: str) -> bool:
    """Whether the characters of ``short`` stand in ``long`` in this order."""
    rest = iter(long)
    return all(c in rest for c in short)


def without(text: str, names: Sequence[str]) -> str:
    """The text with names blanked, the longest first."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "\x00")
    return text
