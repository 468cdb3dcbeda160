"""Fixed replies: greeting, help, refusals, and what is said when nothing is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.answering.retrieval.reading import Reading
from assistant.answering.retrieval.segments import Segment
from assistant.answering.statements import NOT_STATED, Composition, Statement, name_of
from assistant.answering.understanding.intents import Intent
from assistant.domain.dialogue import Verdict

_HELP = (
    "我根据已导入的政策文件回答牵头单位、配合单位、完成时限和进展等问题，每句话都附原文依据；文件没有写的，会说明“文件未载明”。"
    "可以这样问：“某联合体由谁牵头？”“某项任务何时完成？”“第几号提案答复了什么？”"
)
_CHOICES = 6
_TOLD, _CITED = 0.85, 2  # share of the words of a missing document that a sentence on it holds, and how many are shown
_STATES = {"done": "写明已完成", "in_progress": "正在推进", "planned": "尚属计划", "unclear": "未写明进展"}
_FIXED = {
    Intent.GREETING: (Verdict.OUT_OF_SCOPE, "您好！" + _HELP),
    Intent.THANKS: (Verdict.OUT_OF_SCOPE, "不客气。文件上还有别的问题，请继续问。"),
    Intent.HELP: (Verdict.OUT_OF_SCOPE, _HELP),
    Intent.ERRAND: (
        Verdict.OUT_OF_SCOPE,
        "这件事不在本助手的范围内：我只依据已导入的文件回答，并附原文依据，不写作、不编程，也不查天气、行情。",
    ),
    Intent.PRIVATE: (
        Verdict.REFUSED,
        "不能提供：个人信息在文件中已作遮蔽，本助手不保存、也不补全完整号码等个人信息，请通过单位通讯录或承办单位公开电话联系。",
    ),
    Intent.INSTRUCTION: (
        Verdict.REFUSED,
        "不能这样回答：本助手只依据文件原文作答，不按要求改写或虚构结论。请直接询问具体事项，我会给出原文依据。",
    ),
}


def fixed_reply(intent: Intent) -> Composition | None:
    """The reply to questions that need no document; None for all others."""
    if intent not in _FIXED:
        return None
    verdict, text = _FIXED[intent]
    return Composition(verdict, (Statement(text),))


def out_of_scope(reading: Reading) -> Composition:
    """The question has nothing to do with what is held."""
    return Composition(
        Verdict.OUT_OF_SCOPE,
        (Statement(f"这个问题不在已导入的 {reading.searched} 份文件范围内，无法依据文件回答。"),),
    )


def missing_reference(reading: Reading) -> Composition:
    """The document that the question names is not held: what is held nearest to it, and what others say of it."""
    named = "、".join(name if name.startswith("《") else f"“{name}”" for name in reading.scope.missing)
    lines = [
        Statement(f"{NOT_STATED}：已导入的 {reading.searched} 份文件中没有找到{named}。请核对名称，或先导入该文件。")
    ]
    if reading.scope.nearest:
        held = "、".join(f"《{d.title}》" + (f"（{d.number}）" if d.number else "") for d in reading.scope.nearest)
        lines.append(Statement(f"相近的文件有：{held}；要查其中哪一份，请写明名称。"))
    if told := _told_of(reading):
        lines.append(Statement("其他文件提到它的原文是："))
        lines += [Statement(f"“{s.text.strip()}”", (s.quote,)) for s in told]
    return Composition(Verdict.NOT_STATED, tuple(lines))


def _told_of(reading: Reading) -> list[Segment]:
    """Sentences that name the missing document by nearly all of its words; not those of documents of its kind."""
    near = {d.id for d in reading.scope.nearest}
    found: list[Segment] = []
    for described in reading.question.described:
        relevance = reading.relevance(described.written)
        telling = [s for s in reading.segments() if s.document.id not in near and relevance(s.text) >= _TOLD]
        found += [s for s in telling if not s.is_heading][:_CITED]
    return found


def which_document(reading: Reading) -> Composition:
    """Too many documents fit: ask which one is meant, with the choices."""
    choices = reading.documents[:8]
    lines = [Statement(f"有 {len(reading.documents)} 份文件与问题相符，请说明是哪一份：")]
    lines += [Statement(f"· {name_of(d)}") for d in choices]
    return Composition(Verdict.CLARIFY, tuple(lines))


def which_matter(reading: Reading, reporting: Sequence[Segment]) -> Composition:
    """How far, of nothing in particular: the ledger in figures, who reports, and the request to say what is meant."""
    states = Counter[str](r.entry.commitment.status.state for r in reading.books.chosen())
    told = "，".join(f"{name} {states[state]} 项" for state, name in _STATES.items() if states[state])
    lines = [Statement(f"问题没有说明是哪件事。责任台账共 {sum(states.values())} 项：{told}。")]
    documents = {s.document.id: s.document for s in reporting}
    counts = Counter(s.document.id for s in reporting)
    lines.append(Statement("请说明是哪项任务、哪个单位或哪份文件。写有进展的文件："))
    lines += [Statement(f"· {name_of(documents[i])}（{count} 处）") for i, count in counts.most_common(_CHOICES)]
    return Composition(Verdict.CLARIFY, tuple(lines))


def which_unit(name: str, choices: Sequence[tuple[str, int]]) -> Composition:
    """A short name means several units: ask which one, with the choices and the number of their rows."""
    lines = [Statement(f"“{name}”可能指下列单位，请说明是哪一个：")]
    lines += [Statement(f"· {unit}（{count} 项）") for unit, count in choices[:8]]
    return Composition(Verdict.CLARIFY, tuple(lines))


def searched_in(reading: Reading) -> str:
    """Where was looked, for an honest “not stated”."""
    if reading.scope.documents is not None and len(reading.documents) <= 3:
        return "、".join(name_of(d) for d in reading.documents)
    return f"已导入的 {reading.searched} 份文件"
