"""The matter of a question: the words that are left when those that only ask, point or refer are taken away."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answering.understanding.documents import CLAUSE_REF, KIND_NAMES, TITLE
from assistant.answering.understanding.manner import DIFFERS
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers, find_sessions
from assistant.domain.language.text import fold

# Words that ask or point and say nothing of the object.
_FUNCTION = re.compile(
    "能不能|可不可以|(?<![一-鿿])能(?=[一-鿿]{2})|最[多少高低长短]|至[少多](?!于)|不(?:少于|超过|低于|高于)|[一每]次(?![性会全理])|请问|请|麻烦|帮我|告诉我|查一下|查查|看看|一下|列出|列举|说明|介绍|想知道|"
    "(?:最终|具体|目前|现在|当前|后来|到底|究竟|分别|一共|总共|共有|全部|所有|主要|最迟|最晚|原来|应该|需要|应当|必须|可以)|"
    "是什么|有哪些|有什么|包括哪些|怎么规定|怎么样了?|怎么|如何|什么样|为什么|什么|多少|"
    "怎么办|咋办|手上|手里|以后|之后|由谁|归谁|归(?=哪[个家些]?(?:局|委|办|处|科|单位|部门))|谁来|是谁|谁|各由|哪个(?:单位|部门|局|处室)?|哪些(?:单位|部门|事项|工作|任务|内容)?|哪家|哪年哪月哪日|哪(?:年|月|日|天|一步|步)|几(?:个|项|件|家|条|月|号)|"
    "我们的?|我的|我(?![市局省县区校院国])|咱们?的?|人家|"
    "我市|我局|拟建|[0-9一二两三四五六七八九十]{1,8}[个项家](?=[^，。？]{2})|每年|交|钱|有没有|说法|延期|延到|哪天|还没|没有?|咨询|问谁|"
    "在哪里|在哪儿|哪里|在哪|(?:哪些|什么|啥)(?:事情?|活儿?)|讲了?(?:些)?什么|说了?(?:些)?什么|写了?(?:些)?什么|主要内容|大意|"
    "(?:落实|推进|办|做|筹备|准备|进行|开展|完成|执行|编|搞|改造)得|在管|管(?!理|委)|要办|干什么|做什么|干啥|做啥|列一下|都列出来|列出来|打算|要求|哪[一二两三几些]?[家个项条位名所座种类]|在哪儿|几家|双牵头|一样|不一样|区别|不同|规定|"
    "啥时候|啥|咋样|咋|搞完|搞到|搞|让|说的|怎么说|怎么提|才能|多长|从哪年到哪年|从|哪年|何时|什么时候|什么时间|时候|多久|多长时间|时限|期限|截止日期|截止|日期|"
    "牵头单位|牵头部门|责任单位|配合单位|总?牵头|负责|配合|主办|承办|[协会]办(?=的)|归口|单位|部门|事项|"
    "完成(?:了|没有|没)?|进展(?:情况)?|进度|到哪|怎么样|情况|了吗|了没有|吗|呢|吧|么|对不对|对吗|是不是|是否|是吗|属实|"
    "[这那](?:一)?(?:项|块|方面)(?:工作|事情?|任务)?|跟(?![踪进随])|这份|这件|这个|这些|该|本|那份|那个|那些|那|上述|其中|它们|它|其|文件|文中|文里|材料|答复(?:中|里|承诺)|(?:提案|答复|通知|方案|章程|纪要|函)(?:中|里)|"
    "发文字号|文号|签发人|签发|抄送|主送|成文日期|发文日期|发布日期|落款|署名|发文机关|发文单位|公开(?:属性)?|联系人|联系电话|联系|"
    "电话|索引号|主题分类|届次|提案号|截至今天|今天|逾期|超期|过期|提案|"
    "关于|的|了|在|和|与|及|是|有(?!限|效|关|色|机)|由|把|被|给|都|还|也|就|拟|已经|已|吧|"
    "中(?=[，。？、的]|$|有|写|规定)|里(?=[，。？、的]|$|有|写)|去年|今年|现在|目前|到"
)

# Words of lists that name no object of their own.
_GENERAL = re.compile(
    "任务清单|任务分工|任务|事项|全(?![市国省县区])|工作|清单|依据|情况|活儿?|内容|建设任务|报告|方案|涉及|要完成|要参加|参加|要落实|落实|完成|到期|承担|参与|一共|合计|或者?|各家|各|家|名|"
    "份|里|中|上|所有|哪|列|出来|罗列|统计|汇总|按|改成|其|共同|双|多|少|最|更|比|前|底|内|以"
)


def object_of(text: str, units: tuple[str, ...] = ()) -> str:
    """The words of a question that name its object, joined by spaces: without units, references and asking words."""
    rest = TITLE.sub(" ", text)
    for span, _ in (*find_document_numbers(rest), *find_proposal_numbers(rest), *find_sessions(rest)):
        rest = rest[: span.start] + " " * (span.end - span.start) + rest[span.end :]
    for unit in sorted(units, key=len, reverse=True):
        rest = rest.replace(unit, " ")
    for mention in find_deadlines(rest):
        if mention.kind in ("fixed", "relative"):
            rest = rest.replace(mention.as_written, " ")
    rest = CLAUSE_REF.sub(" ", rest)
    rest = _FUNCTION.sub(" ", fold(rest))
    return " ".join(re.findall("[㐀-鿿a-z0-9]+", rest))


def matters_in(words: str) -> list[str]:
    """The words of a question that name a matter of its own, without those of every list."""
    return _GENERAL.sub(" ", words).split()


def compared_words(text: str, names: Iterable[str]) -> str:
    """What documents are compared in: the question without their ``names`` and the words of comparing."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(
        f"(?:{KIND_NAMES})(?:里|中)?|第[0-9]+号|[两二三几]份文件|中?(?:的)?规定|写的|前后", " ", DIFFERS.sub(" ", text)
    )
    return object_of(
        re.sub("(?<![一-鿿])对|关于|有何|任务(?=写)|牵头|配合|会办|负责|责任|单位|时限|期限|时间|完成", " ", text)
    ).replace(" ", "")
