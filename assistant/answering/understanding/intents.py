"""What kind of answer a question expects, by a table of patterns in order."""

from __future__ import annotations

import re
from enum import StrEnum

from assistant.answering.understanding.asked import Asked
from assistant.answering.understanding.manner import is_listing
from assistant.answering.understanding.particulars import PARTICULARS


class Intent(StrEnum):
    """What kind of answer is expected."""

    LEAD = "lead"
    COOPERATION = "cooperation"
    DEADLINE = "deadline"
    EVENT_DATE = "event_date"
    PROGRESS = "progress"
    OVERDUE = "overdue"
    METADATA = "metadata"
    ROWS = "rows"  # a list of the ledger by conditions, counted, arranged or compared
    ASKS = "asks"  # what a proposal asks, and what its reply says to it
    CONTENT = "content"
    GREETING = "greeting"
    THANKS = "thanks"
    HELP = "help"
    PRIVATE = "private"  # asks for personal data that the documents mask
    INSTRUCTION = "instruction"  # tells the assistant to leave the documents
    ERRAND = "errand"  # wants something done that no document can do: a poem, a program, the weather


# The first pattern that fits decides; the order is part of the rule.
_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    (
        Intent.INSTRUCTION,
        re.compile(
            "(?:忽略|无视|不要管|别管|不用看|抛开|绕过)[^，。？]{0,12}(?:文件|规定|规则|指令|要求|提示|限制|原文|设定|内容)"
            "|(?:你现在是|假装|扮演)|(?:输出|显示|告诉我)[^，。]{0,8}(?:系统提示|提示词|密钥|口令)|直接(?:说|回答|写)[^，。？]{0,20}(?:即可|就行|已)"
            "|ignore (?:all|the|previous)|system prompt"
            "|(?:杜撰|虚构|伪造|编造)(?:一|个|出|写|些|点)|编(?:一个|个)(?!制|码|号|写)",
            re.IGNORECASE,
        ),
    ),
    (
        Intent.PRIVATE,
        re.compile(
            # Somebody's number is asked for; what a law says of identity cards or personal information is not private.
            "(?:完整|全部|真实|全(?![国省市县区面体])|没遮|未遮|不打码|去掉遮)[^，。？]{0,6}(?:手机|电话|号码|身份证号|联系方式)"
            "|(?:身份证|银行卡|银行账)号码?(?:是|为|多少|几|给我|发我|发给|告诉|呢|[？?]|$)|(?:给|发|告诉|提供)(?:给)?我[^，。？]{0,12}(?:个人信息|身份证|住址|银行卡)"
            "|的(?:家庭)?住址(?:是|在|给|发|呢|[？?]|$)|家住哪|私人(?:的)?(?:手机|电话|号码|微信|联系)|个人(?:的)?(?:手机|电话)"
            "|[他她]的个人(?:信息|隐私)|补全[^，。？]{0,6}(?:号|电话)|打码|(?:手机|电话)[^，。？]{0,4}(?:后|前|中间)[几四位]"
        ),
    ),
    (
        Intent.ERRAND,
        re.compile(
            "(?:写|编写?|作|画|来)上?[一几](?:首|篇|段|个|幅|副|点)?[^，。？]{0,12}(?:诗|歌词|小说|童话|作文|代码|程序|脚本|笑话|情书|对联)|写[^，。？]{0,8}代码"
            "|推荐[^，。？]{0,12}(?:股票|基金|彩票|餐厅|电影|酒店)|(?:股票|彩票|基金)[^，。？]{0,10}(?:会涨|涨吗|买哪|中奖)"
            "|(?:今天|明天|后天|这周|周末|现在)[^，。？]{0,10}(?:天气|气温|下雨)|讲[个一][^，。？]{0,4}(?:笑话|故事)|[唱放]一?[首个]歌"
            "|帮我(?:订|买|抢)[^，。？]{0,8}(?:票|酒店|外卖|餐)|翻译成(?:英|日|法|德|俄|韩)|[0-9]{1,12}(?:乘以?|加上?|减去?|除以|[+×*/])[0-9]{1,12}(?:等于|是多少|=)"
        ),
    ),
    (
        Intent.THANKS,
        re.compile("^(?:谢谢|多谢|感谢|辛苦了|好的|知道了|明白了|ok|再见)[\\W谢您你了啊吗啦]*$", re.IGNORECASE),
    ),
    (
        Intent.GREETING,
        re.compile(
            "^(?:你好|您好|早上好|下午好|晚上好|嗨|hi|hello|谢谢|多谢|感谢|辛苦了|再见|好的|ok|在吗)[\\W谢您你了啊吗]*$",
            re.I,
        ),
    ),
    (
        Intent.HELP,
        re.compile("^(?:你是谁|你能做什么|你会什么|怎么用|如何使用|帮助|help|使用说明|你有什么功能)[\\W]*$", re.I),
    ),
    (
        Intent.ASKS,
        re.compile(
            # Which asks there are; 提案建议哪些场馆安装设备 is asked of one of them.
            "提案[^，。？]{0,6}(?:一共|总共|共)?有?(?:几|多少)[条项个](?:建议|诉求)|(?:提案|[0-9]号(?:建议|议案)?)的?(?:答复|回复)(?:函|件)?(?:里|中)?(?:都|主要|到底|究竟)?(?:答复|讲|说|写|回复)?了?(?:些|哪些)?(?:什么|啥|哪些|主要|实质)(?:实质|主要|具体)?(?:的)?(?:内容|意思|要点|事项?|措施)?(?=[？?。，]|$)"
            "|[0-9]号(?:建议|议案)[^，。？]{0,6}(?:提了|提出|有|一共|共|总共)[^，。？]{0,4}(?:什么|哪些|哪几|啥|几|多少)[条项个]?(?=[？?。，]|$|建议|意见|内容)"
            "|[0-9]号(?:建议|议案|提案)?(?:里|中|的)*(?:哪|第)[一二三四五六七八九十几些]?[条项][^，。？]{0,8}(?:没|未|同意|采纳|回应|答)"
            "|提案[^，。？]{0,12}(?:提了|提出|提的|建议了?|要求)[^，。？]{0,6}(?:什么|哪些|哪几|啥|几条|几项|多少[条项])(?=了|[？?。，]|$|[个条项点]|方面|建议|意见|诉求|对策|措施|要求|请求|内容|事)"
            "|提案[^。？]{0,20}(?:建议|要求|提|要)[^。？]{0,20}(?:答复|回复)[^。？]{0,10}(?:怎么|同意|采纳|回应|办|说)"
            "|(?:答复|回复|回应)[^，。？]{0,8}(?:没有|未|有没有)(?:回应|采纳|提|说法|答复)|(?:答复|回复)[^，。？]{0,6}(?:采纳|同意|回应)(?:了|没)"
            "|(?:答复|回复)(?:里|中)?(?:对)?(?:的)?(?:哪些|哪几[条项个点]|哪[条项])(?:都|是)?(?:没有?|未|不)(?:予?以?)?(?:回应|采纳|答复?|同意|提到?|说)"
            "|(?:哪些|哪几条|哪条)[^，。？]{0,6}(?:建议|诉求)[^，。？]{0,8}(?:没|未)"
            "|提案[^，。？]{0,6}哪[几些]?[条项个点][^，。？]{0,4}(?:没|未)(?:有|得到)?(?:回|答|采纳|理)"
            "|(?:提案|[0-9]号(?:建议|议案)?)(?:到底|究竟)?是?(?:怎么|如何|咋)(?:答|回)(?:复|应)?的?(?=[？?。，]|$)"
        ),
    ),
    (
        Intent.CONTENT,  # why, how often and how long before are asked of the clause, not of a time limit or a state
        re.compile(
            "为什么|为何|为啥|何故|(?:什么|啥)(?:原因|理由|缘故)|出于什么|(?:多久|多长时间|隔多久)[^，。？]{0,16}[一几两](?:次|回|遍|趟)|频次|频率"
            "|隔多久|提前(?:多久|多少|几)|多久[^，。？]{0,4}(?:更新|评估|考核|通报|开会)|什么(?:情况|情形|条件)(?:之?下)?|哪些(?:情况|情形)"
            "|由?谁(?:来)?(?:担任|兼任|任|当(?![^，。？]{0,4}(?:牵头|主管)))|在(?:哪里|哪儿|何处|什么地方)|什么叫|何谓|指的?(?:是)?什么|什么意思|^(?:请问)?什么是(?=[一-鿿])"
        ),
    ),
    (Intent.OVERDUE, re.compile("逾期|超期|过期|过了?(?:时限|期限)|到期(?:未|没)|超时|延误|拖期")),
    (Intent.METADATA, PARTICULARS),
    (
        Intent.EVENT_DATE,
        re.compile(
            "(?:哪年|哪月|哪天|哪日|几月|几号|几日|什么时候|何时|什么时间|时间)[^，。？]{0,8}"
            "(?:成立|召开|举办|挂牌|举行|开的|印发的|发布的)"
            "|(?:成立|召开|举办|挂牌|揭牌)(?:的|没|了|没有)?[？?，, ]*"
            "(?:是)?(?:日期|时间|哪年|哪天|何时|什么时候|几月|几号)"
        ),
    ),
    (
        Intent.DEADLINE,
        re.compile(
            "何时|什么时候|啥时候|几时|从哪年|哪一?(?:年|月|天)(?:底|末)?前|多久内|什么时间|时间(?:要求|节点|安排)|多久(?![^，。？]{0,6}次)|多长时间|几时|时限|期限|截止|最迟|最晚|到哪一?(?:年|月|天)|哪(?:年|月|天)|几月|期满|有效期|"
            "(?:哪一?|几)(?:年|月|日|号)|什么日期|时间节点|何日|之前完成|多少天|几天|建设期"
        ),
    ),
    (
        Intent.COOPERATION,
        re.compile("配合|协办|会办|协助|协同单位|参与单位|参加单位|哪些单位参与|谁参与|支持单位"),
    ),
    (
        Intent.LEAD,
        re.compile(
            "哪[一二两三几]?家[^，。]{0,4}(?:牵头|负责|建|办)|牵头|负责|承担|主办|承办|责任(?:单位|部门|人|主体)|归(?:谁|哪|口)|(?:谁|找谁)(?:来)?(?:管|办|做|抓|干|组织|承担|协调|主管|建|解决|处理|投诉|反映)|哪个(?:单位|部门|局)|"
            "哪些(?:单位|部门|事|活)|(?:什么|啥)(?:事|工作|活)|(?:干|做|承担|负责|落实)(?:哪些|哪几|什么|啥)|哪家|主管|由谁|(?:改成|换成|改由|换)了?谁|什么(?:单位|部门)|职责|分工(?!表)"
        ),
    ),
    (
        Intent.PROGRESS,
        re.compile(
            "(?<!填报)(?<!报送)(?<!上报)(?<!汇报)(?:进展|进度)(?!(?:情况)?的?(?:通报|报告|简报|汇报|总结))|(?:好|完|下来|出来|到位|通过)(?:了)?(?:没有?|吗|了吗)(?=[？?。]|$)|[干弄搞]完|做到什么|搞到什么|(?:落实|推进|改造|施工|建设?|办|做|筹备|准备|进行|开展|完成|执行|征求|编|搞|组建|对接)得?(?:怎么样|怎样|如何)|做到什么|咋样了?|怎么样了|(?<![碰遇达看找涉提见])到哪(?![些个几家种类里]|一?[年月天日])|正在(?:推进|实施|办理|进行)|(?:没|未|尚未|还没)(?:有)?(?:启动|完成|开始)|(?:启动|开工|动工|竣工|完工|通车|投产|交付)(?:了|没)|成立了?(?:没|吗|吧)|"
            "(?:组建?|办|建|开|招|聘)了(?:几|多少)|完成(?:了|没)|都?(?:成立|完成|建成|启动)了吧|完成(?:了|没|情况|到)|已(?:经)?(?:完成|成立|建成|落实|办结|启动)|成立了?(?:没|吗|几)|做完|办完|落实(?:了|情况|到)|"
            "(?:到|走到|进行到)哪(?:一)?步|现在怎么样|建(?:成|好)了|是否(?:已|完成|成立)|启动了?(?:没|吗)|哪些(?:已|完成)|目前|状态|尚未|还没"
        ),
    ),
)
# Kinds of questions that no condition of a list turns into a list.
_PLAIN = frozenset(
    {
        Intent.INSTRUCTION,
        Intent.PRIVATE,
        Intent.ERRAND,
        Intent.THANKS,
        Intent.GREETING,
        Intent.HELP,
        Intent.ASKS,
        Intent.METADATA,
    }
)
# The ledger as a whole, without any condition: 列出全部责任事项, 台账里一共有多少项. A word more may be a condition.
_WHOLE = re.compile(
    "(?:请|麻烦|帮我|给我)?(?:把|将)?(?:列出|列举|列一下|罗列|汇总|统计)?(?:一下)?(?:责任)?(?:台账|文件|资料库)?(?:里|中|上)?(?:的)?"
    "(?:现在|目前)?(?:全部|所有|一共|总共|共)有?(?:的)?(?:多少[项条件个]?|几[项条件个]|哪些)?"
    "(?:责任|承诺|牵头|工作|任务)?(?:事项|任务|责任)?(?:都?有哪些|有多少[项条件个]?|清单|台账)?(?:都?列出来)?[？?。 ]*"
)
_MATTERS = re.compile("事项|台账|责任|承诺")


def intent_of(text: str, asked: Asked) -> Intent:
    """The kind of answer that a question expects, ``asked`` being the conditions of a list that it names."""
    if is_whole(text):
        return Intent.ROWS
    intent = next((i for i, pattern in _INTENTS if pattern.search(text)), Intent.CONTENT)
    if intent in _PLAIN:
        return intent
    listing = is_listing(text) or (asked.due is not None and text.rstrip("？?。 ").endswith(("什么", "啥")))
    of_units = bool(asked.leads or asked.cooperating) and asked.state is not None
    if asked.compares or (listing and (asked.filtered or of_units)):
        return Intent.OVERDUE if asked.overdue and not asked.group else Intent.ROWS
    return intent


def is_whole(text: str) -> bool:
    """Whether the whole ledger is asked for, without any condition."""
    return bool(_WHOLE.fullmatch(text) and _MATTERS.search(text))
