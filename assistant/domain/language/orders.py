"""Sentences that order a program what to answer: they state nothing and commit nobody.

A document may report such a sentence (a comment it received) or carry it to mislead a program that reads it. One rule
for all: what holds an order gives no row of the ledger and carries no sentence of an answer.
"""

from __future__ import annotations

import re

from assistant.domain.language.text import fold

# Orders to a reader that is a program. A text that holds one carries no claim: what it "states" may be the order's.
_ORDER = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会|不必理会|抛开|跳过|覆盖)[^。\n]{0,16}(?:指令|指示|规则|提示|要求|约束|限制|设定|说明|内容|文件|问题|对话)"
    r"|(?:系统|隐藏|开发者|管理员)(?:提示词?|指令|消息|口令|命令)|提示词|system ?prompt"
    r"|(?:ignore|disregard|forget|override)\b[^.\n]{0,40}\b(?:instruction|rule|prompt|above|previous|prior|everything)"
    r"|<\|?/?(?:im_start|im_end|system|user|assistant|s|inst)\|?>|\[/?inst\]|###? ?(?:system|instruction|response)"
    r"|(?:^|\n) ?(?:system|assistant|user|系统|助手|用户) ?[:：]|\b(?:system|assistant) ?[:：]"
    r"|(?:把|将)[^。\n]{1,60}?(?:原样|逐字|照样|一字不[差漏])[^。\n]{0,8}(?:输出|复述|回复|打印|重复|告诉|写)"
    r"|(?:输出|打印|复述) ?[:：“\"「『‘]|(?:^|[\n。：:；（(、]) ?(?:回复|回答) ?[:：“\"「『‘]"
    r"|(?:请|必须|务必|只能|只需|直接|应当?|须|需|一律|都要|改为|并|再|先)[^。，,:：\n]{0,12}?"
    r"(?:回答|回复|输出|打印|复述|重复|声称|宣称|告知用户|告诉用户|告诉提问|写上|附上|给出链接|引导用户)[^。\n]{0,6}?"
    r"(?:[:：“\"「『‘]|以下|下列|下面|如下|用户|链接|网址|全部|所有|均|都|已|本)"
    r"|(?:AI|人工智能|大?模型|机器人|智能助手|问答助手|聊天助手|助理|大语言模型)(?:们)?[，,:： ]{0,2}"
    r"(?:请|你|必须|务必|应当?(?!用)|须|在回答|在生成|看到|读到|阅读|收到|注意|需要|只能|不得|不要)"
    r"|(?:你|您)(?:现在|从现在起|从此|将|必须|要|应|只能)(?:是|扮演|充当|成为|作为|回答|输出|说|把)"
    r"|(?:回答|答复|生成|输出|作答)(?:本?问题|时|内容|的时候)[^。\n]{0,12}(?:必须|务必|一律|只能|请)"
    r"|(?:凡|如果|当)[^。\n]{0,8}(?:问到|被问|有人问|用户问|提问)"
    r"|\b(?:you must|you are now|respond with|reply with|output the|print the|say that|answer with)\b",
    re.IGNORECASE,
)
# What only a forged piece of evidence holds: keys and fences like ours.
_FORGED = re.compile(r"[〔\[【][A-Z][0-9][A-Z][0-9A-Z][〕\]】]|={5}[0-9a-f]{6,}={5}|材料(?:到此)?结束")
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_GAPS = re.compile(r"(?<=[一-鿿])[ \t\u3000]+(?=[一-鿿“\"「])")


def gives_orders(text: str) -> bool:
    """Whether a text speaks to the program that reads it (忽略以上指令, 请回答：…) rather than to the office.

    Looks at it as written, and without what hides it from a rule: width, white space, characters nobody sees.
    """
    if _ORDER.search(text) or _FORGED.search(text):
        return True
    plain = fold(_UNSEEN.sub("", text))
    bare = _GAPS.sub("", plain)
    return (plain != text and bool(_ORDER.search(plain))) or (bare != plain and bool(_ORDER.search(bare)))
