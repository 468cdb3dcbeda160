"""What a question asks of the head and the tail of a document: number, signatory, dates, issuer, contact."""

from __future__ import annotations

import re

from assistant.answering.understanding.documents import KIND_NAMES

_WHEN = "(?:哪一?[天年日月]|什么时候|何时|啥时候|几[月号])"
_GIVEN = "(?:发|印发|下发|出|写|作出|做出|回|答复|回复|批复|印)"
_BODY = "(?:谁|哪一?[个家些位]?(?:单位|部门|局|委|机关|处室|领导)?|什么(?:单位|部门|机关|局))"
# 哪个单位答复的, 谁发的, 由哪些单位联合印发: asked of a document that was issued, and only where one is spoken of.
_DOCUMENT = f"(?:{KIND_NAMES}|报告|规划|办法|[0-9]号|文件)"
_ISSUED_BY = (
    f"(?:由|是)?{_BODY}(?:来)?(?:联合|共同)?(?:给)?(?:答复|回复|复函|印发|下发|发布?|出|印|盖章)的"
    f"|由{_BODY}(?:联合|共同)?(?:答复|回复|复函|印发|下发|发出)(?=[？?。，,]|$)"
    f"|(?:{_BODY})(?:答复|回复)(?=[？?。，,]|$)|(?:答复|回复|发文|出文|印发|复函)(?:单位|部门|机关)"
    f"|署的?(?:是)?(?:的)?{_BODY}[^，。？]{{0,4}}名"
)
_SIGNED_BY = "签发(?:人|者|领导)|(?:谁|哪位[^，。？]{0,6})签(?![订约到收名字])"
_ISSUED_ON = f"{_WHEN}(?:给)?{_GIVEN}的"
PARTICULARS = re.compile(
    f"{_DOCUMENT}[^。？]{{0,24}}?(?:{_ISSUED_BY})|{_DOCUMENT}[^。？]{{0,16}}?{_ISSUED_ON}|{_SIGNED_BY}|"
    "哪(?:天|年|日|一[天年日])(?:成文|发文|印发|发布|下发)(?:的|[？?]|$)|(?:什么时候|何时)(?:成文|发文|下发|发布的)|成文(?:的|日期|时间)|文号|发文字号|抄送|主送|"
    "(?:发|写|回复|答复|下|批)给(?:谁|哪)|(?:批复|答复|复函|通知|函|信|文件|通报)是?给(?:谁|哪)|(?:发文|印发|发布|下发)(?:日期|时间)|落款|署名|发文机关|发文单位|"
    "哪个单位发|谁发的|是否公开|公开(?:属性|吗|发布)|联系人|联系电话|联系谁|找谁(?!来|管|办|批|要|解决|处理|投诉|反映|申请|报|评|负责)|问谁|问哪个|咨询谁|咨询哪|怎么联系|电话|手机号?|(?<![分划])(?:属于?|是|为|定为?|算)(?:的)?(?:(?:哪|第)?几|哪一?)类(?=答复|提案|[？?。，]|$)|[A-DＡ-Ｄ]类(?!似)|(?:答复|办理)类别|索引号|主题分类|"
    "提案(?:人|者)(?:是|有|叫|都)|领衔(?:人|代表|委员|的)|(?:谁|哪位[^，。？]{0,6})(?:来)?领衔|(?:谁|哪[位个些][^，。？]{0,6})(?:提出?的|提交的)(?:[？?，]|$)|提案号|第几号|几号提案|届次|(?:标题|题目|题名)(?:是|叫)|(?:什么|啥)(?:标题|题目|题名)"
)
"""Asks for what stands in the head or the tail of a document."""

_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("proposal_number", re.compile("提案号|第几号提案|几号提案")),
    ("number", re.compile("文号|发文字号")),
    ("proposer", re.compile("提案(?:人|者)|领衔|谁提|提出?的|提交的")),
    ("signatory", re.compile(f"签发|{_SIGNED_BY}")),
    ("copy_to", re.compile("抄送")),
    ("addressee", re.compile("主送|(?<!抄送)(?<!抄)给(?:了)?(?:谁|哪)")),
    (
        "issued_on",
        re.compile(
            f"成文|发文(?:日期|时间)|(?:印发|下发)|哪天发(?!布)|(?:什么时候|何时)(?:发(?!布)|印发|下发)|落款(?!是?谁)|{_ISSUED_ON}"
        ),
    ),
    ("published_on", re.compile("发布(?:日期|时间)|(?:哪(?:天|年|日|一[天年日])|什么时候|何时)发布")),
    ("publicity", re.compile("公开")),
    ("category", re.compile("几类|哪一?类|[A-DＡ-Ｄ]类|类别")),
    (
        "contact",
        re.compile(
            "联系|找谁(?!来|管|办|批|要|解决|处理|投诉|反映|申请|报|评|负责)|电话|手机|问谁|问哪个|咨询谁|咨询哪"
        ),
    ),
    ("index_number", re.compile("索引号")),
    ("theme", re.compile("主题分类")),
    ("session", re.compile("届次|哪届|哪次会议")),
    ("title", re.compile("标题|题目|题名")),
)


_ISSUER = re.compile(f"署名|落款|发文机关|发文单位|哪个单位发|谁发的|{_ISSUED_BY}")


def fields_asked(text: str) -> tuple[str, ...]:
    """Names of the fields that a question asks for, in the order in which they are told."""
    by = ("issuer",) if _ISSUER.search(text) else ()
    rest = re.sub(_ISSUED_BY, " ", text)  # 哪个部门印发的 asks for no day
    return (*by, *(name for name, pattern in _FIELDS if pattern.search(rest)))
