"""What a question asks, by rules of the language: intent, units, document and clause references, the object.

Nothing here looks at the documents; :mod:`assistant.answering.retrieval.scope` brings the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.answering.understanding.asked import Asked, asked_of
from assistant.answering.understanding.periods import find_periods
from assistant.domain.language.dates import find_dates
from assistant.domain.language.deadlines import find_deadlines
from assistant.domain.language.identity import find_document_numbers, find_proposal_numbers, find_sessions
from assistant.domain.language.text import fold
from assistant.domain.policy import Span
from assistant.domain.units.names import UnitMention, find_units


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
            "|(?:哪些|哪几条|哪条)[^，。？]{0,6}(?:建议|诉求)[^，。？]{0,8}(?:没|未)"
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
    (
        Intent.METADATA,
        re.compile(
            "(?:答复|回复|复函|通知|批复|纪要|通报|报告|方案|行动计划|规划|清单|分工表)(?:文件)?是?(?:哪一?[天年日]|什么时候|何时|啥时候|几[月号])(?:给)?(?:发|印发|下发|出|写|作出|做出|回)的|"
            "哪(?:天|年|日|一[天年日])(?:成文|发文|印发|发布|下发)(?:的|[？?]|$)|(?:什么时候|何时)(?:成文|发文|下发|发布的)|成文(?:的|日期|时间)|文号|发文字号|签发人|谁签发|哪位[^，。？]{0,6}签发|签发(?:者|领导)|抄送|主送|"
            "(?:发|写|回复|答复|下|批)给(?:谁|哪)|(?:批复|答复|复函|通知|函|信|文件|通报)是?给(?:谁|哪)|(?:发文|印发|发布|下发)(?:日期|时间)|落款|署名|发文机关|发文单位|"
            "哪个单位发|谁发的|是否公开|公开(?:属性|吗|发布)|联系人|联系电话|联系谁|找谁(?!来|管|办|批|要|解决|处理|投诉|反映|申请|报|评|负责)|问谁|问哪个|咨询谁|咨询哪|怎么联系|电话|手机号?|(?<![分划])(?:属于?|是|为|定为?|算)(?:的)?(?:(?:哪|第)?几|哪一?)类(?=答复|提案|[？?。，]|$)|[A-DＡ-Ｄ]类(?!似)|(?:答复|办理)类别|索引号|主题分类|"
            "提案(?:人|者)(?:是|有|叫|都)|(?:谁|哪[位个些][^，。？]{0,6})(?:提出?的|提交的)(?:[？?，]|$)|提案号|第几号|几号提案|届次|(?:标题|题目|题名)(?:是|叫)|(?:什么|啥)(?:标题|题目|题名)"
        ),
    ),
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
            "何时|什么时候|啥时候|几时|从哪年|哪一?(?:年|月|天)(?:底|末)?前|多久内|什么时间|多久(?![^，。？]{0,6}次)|多长时间|几时|时限|期限|截止|最迟|最晚|到哪一?(?:年|月|天)|哪(?:年|月|天)|几月|期满|有效期|"
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
            "进展|进度|(?:好|完|下来|出来|到位|通过)(?:了)?(?:没有?|吗|了吗)(?=[？?。]|$)|[干弄搞]完|做到什么|搞到什么|(?:落实|推进|改造|施工|建设?|办|做|筹备|准备|进行|开展|完成|执行|征求|编|搞|组建|对接)得?(?:怎么样|怎样|如何)|做到什么|咋样了?|怎么样了|(?<![碰遇达看找涉提见])到哪(?![些个几家种类里]|一?[年月天日])|正在(?:推进|实施|办理|进行)|(?:没|未|尚未|还没)(?:有)?(?:启动|完成|开始)|(?:启动|开工|动工|竣工|完工|通车|投产|交付)(?:了|没)|成立了?(?:没|吗|吧)|"
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
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("proposal_number", re.compile("提案号|第几号提案|几号提案")),
    ("number", re.compile("文号|发文字号")),
    ("proposer", re.compile("提案(?:人|者)|谁提|提出?的|提交的")),
    ("signatory", re.compile("签发")),
    ("copy_to", re.compile("抄送")),
    ("addressee", re.compile("主送|给(?:谁|哪)")),
    (
        "issued_on",
        re.compile("成文|发文(?:日期|时间)|(?:印发|下发)|哪天发(?!布)|(?:什么时候|何时)(?:发(?!布)|印发|下发)|落款"),
    ),
    ("published_on", re.compile("发布(?:日期|时间)|(?:哪(?:天|年|日|一[天年日])|什么时候|何时)发布")),
    ("issuer", re.compile("署名|落款|发文机关|发文单位|哪个单位发|谁发的")),
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
_LIST = re.compile(
    "都有啥|有啥|做什么|干什么|干啥|做啥|做哪|列一下|都列|哪些|列出|列举|全部|所有|分别|几(?:个|项|件|家|条|方面|类|种)|多少(?:个|项|件|家|条)|清单|有什么|各(?:由|是|自)|都有|罗列"
)
_COUNT = re.compile("几(?:个|项|件|家|条|方面|类|种|次)|多少(?:个|项|件|家|条|名|人|所|次|亩|万|元)?")
_SECTIONS = re.compile("(?:[一二三四五六七八九十几0-9]|各|每)个?(?:大)?(?:方面|部分|板块|大类|大项)")
_YES_NO = re.compile(
    "(?:吗|对吗|对不对|是不是|是否|对么|属实|吧)[？?。]*$|^(?:是不是|是否)|对不对|对吗|是吧|是不是(?!谁|哪)"
)
_CLAUSE_REF = re.compile(
    "第[〇零一二三四五六七八九十百0-9]{1,5}(?:条|章|项|款|节|部分|点)|第?[（(][一二三四五六七八九十]{1,3}[）)](?:条|项|款|点)?|[一二三四五六七八九十]{1,3}（[一二三四五六七八九十]{1,3}）|附件[一二三四五六七八九十0-9]*"
)
_TITLE = re.compile("《([^》]{2,60})》")
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


@dataclass(frozen=True, slots=True)
class Understood:
    """A question taken apart. ``object`` is what it is about, without the words that only ask."""

    text: str
    intent: Intent
    units: tuple[str, ...]
    numbers: tuple[str, ...]  # document numbers, normalised
    proposals: tuple[int, ...]
    sessions: tuple[str, ...]
    titles: tuple[str, ...]
    clauses: tuple[str, ...]  # clause references as written
    serials: tuple[int, ...]  # 19号答复, 7号文: the running number alone
    kinds: tuple[str, ...]  # kinds of document named: 答复, 章程, …
    named: tuple[str, ...]  # what may be the end of a title: 公共图书馆法, 无废城市建设试点工作方案
    pointed_kinds: tuple[str, ...]  # of these, what is pointed at (这份答复, 章程里), not only spoken of
    fields: tuple[str, ...]  # names of the fields asked for
    object: str
    wants_list: bool
    wants_count: bool
    wants_sections: bool  # asks for each part of a document
    yes_no: bool
    compares: bool  # asks how documents differ
    limits: tuple[str, ...]  # time limits that the question itself asserts
    asked: Asked  # the conditions of a list


_KINDS = {
    "答复": "答复", "回复": "答复", "复函": "函", "提案": "提案", "建议案": "提案", "通知": "通知", "方案": "方案",
    "督办单": "督办单", "简报": "简报",
    "章程": "章程", "纪要": "纪要", "会议纪要": "纪要", "名单": "名单", "清单": "清单", "任务表": "清单",
    "分工表": "清单", "分解表": "清单", "台账": "台账", "通报": "通报", "行动计划": "行动计划",
    "批复": "批复", "意见": "意见", "决定": "决定", "函": "函",
}  # fmt: skip
_KIND = re.compile("|".join(sorted(_KINDS, key=len, reverse=True)))
_SERIAL = re.compile("(?<![第0-9])([0-9]{1,4})号(?=文|答复|通知|函|文件|方案|意见)")
_NAMED = re.compile(
    "[一-鿿“”0-9]{2,24}(?:法|条例|规定|办法|细则|章程|方案|意见|通知|规划|纲要|决定|批复|复函)"
    "|[一-鿿“”0-9]{3,24}(?:清单|名单|通报|说明|报告)|[一-鿿“”0-9]{2,24}(?:任务分工|台账|工作要点|简报|督办单)"
    "|[一-鿿0-9]{1,10}年分工(?!表|方案)"
)
_KIND_NAMES = "|".join(sorted(_KINDS, key=len, reverse=True))
# 这份答复, 章程里, 建设方案的文号: the document is meant, not a thing of that name in general.
_POINTED = re.compile(
    f"(?:这|那|该|本|此)(?:份|个|件|篇)?[^，。？]{{0,6}}?({_KIND_NAMES})"
    f"|({_KIND_NAMES})(?=里|中(?!心)|上|内|全|一共|共|安排|第[0-9一二三四五六七八九十]|提|承诺|规定|说|写|怎么|是怎么|有没有|都|的(?:任务|事项|工作|内容|要求|文号|签发|联系|成文|发文|抄送|主送|标题|落款))"
)


def _pointed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_KINDS[a or b] for a, b in _POINTED.findall(text)))


def understand(question: str) -> Understood:
    """Take a question apart; never fails, at worst the intent is ``content`` and the object the whole text."""
    text = re.sub("\\s+", " ", question).strip()
    mentions = [_without_lead(u) for u in find_units(_without_titles(text)) if not u.name.endswith(_MADE)]
    asked = asked_of(text, mentions, [p.span for p in find_periods(text, _ANY_DAY)])
    intent = _intent(text, asked)
    fields = tuple(name for name, pattern in _FIELDS if pattern.search(text)) if intent is Intent.METADATA else ()
    units = tuple(u.name for u in mentions)
    taken = asked.taken if intent in (Intent.ROWS, Intent.OVERDUE) else ()
    return Understood(
        text=text,
        intent=intent,
        units=units,
        numbers=tuple(number for _, number in find_document_numbers(text)),
        proposals=tuple(number for _, number in find_proposal_numbers(text)),
        sessions=tuple(session for _, session in find_sessions(text)),
        titles=tuple(_TITLE.findall(text)),
        clauses=tuple(_CLAUSE_REF.findall(text)),
        serials=tuple(int(n) for n in _SERIAL.findall(fold(text))),
        kinds=tuple(dict.fromkeys(_KINDS[k] for k in _KIND.findall(text))),
        named=_names(text),
        pointed_kinds=_pointed(text),
        fields=fields,
        object="" if _is_whole(text) else object_of(_blanked(text, taken), units),
        wants_list=bool(_LIST.search(text)),
        wants_count=bool(_COUNT.search(text)),
        wants_sections=bool(_SECTIONS.search(text)),
        yes_no=bool(_YES_NO.search(text)),
        compares=bool(_DIFFER.search(text)),
        limits=tuple(m.as_written for m in find_deadlines(text) if m.kind in ("fixed", "relative"))
        + tuple(d.as_written for d in find_dates(text) if d.year is not None),
        asked=asked,
    )


_MADE = ("联合体", "融合体", "共同体")  # what others make is an object, no actor
_IN = "里面?|中(?![心学国小])|上(?!海)"
_LEAD = re.compile(
    f"(?:.*?(?:规定|写明|明确|提出))|(?:.{{0,12}}?(?:{_KIND_NAMES})(?:{_IN})|(?:{_KIND_NAMES}))(?=.{{3}})"
)
_SHORTEST = 3  # characters of a unit's name
_ANY_DAY = date(2000, 1, 1)  # where a period stands does not depend on the day
_LISTING = re.compile(
    "哪[一几]?(?:项|个|件|条)(?:任务|事项|工作)|(?:的|任务|事项|工作)(?:有)?(?:呢|吗)?[？?。]*$|列[出表一]|统计|汇总|哪个[^，。]{0,8}(?:最|更)[多少]"
)

# The ledger as a whole, without any condition: 列出全部责任事项, 台账里一共有多少项. A word more may be a condition.
_WHOLE = re.compile(
    "(?:请|麻烦|帮我|给我)?(?:把|将)?(?:列出|列举|列一下|罗列|汇总|统计)?(?:一下)?(?:责任)?(?:台账|文件|资料库)?(?:里|中|上)?(?:的)?"
    "(?:现在|目前)?(?:全部|所有|一共|总共|共)有?(?:的)?(?:多少[项条件个]?|几[项条件个]|哪些)?"
    "(?:责任|承诺|牵头|工作|任务)?(?:事项|任务|责任)?(?:都?有哪些|有多少[项条件个]?|清单|台账)?(?:都?列出来)?[？?。 ]*"
)
_MATTERS = re.compile("事项|台账|责任|承诺")


def _is_whole(text: str) -> bool:
    return bool(_WHOLE.fullmatch(text) and _MATTERS.search(text))


def _intent(text: str, asked: Asked) -> Intent:
    if _is_whole(text):
        return Intent.ROWS
    intent = next((i for i, pattern in _INTENTS if pattern.search(text)), Intent.CONTENT)
    if intent in _PLAIN:
        return intent
    listing = bool(_LISTING.search(text) or _LIST.search(text) or _COUNT.search(text))
    listing = listing or (asked.due is not None and text.rstrip("？?。 ").endswith(("什么", "啥")))
    of_units = bool(asked.leads or asked.cooperating) and asked.state is not None
    if asked.compares or (listing and (asked.filtered or of_units)):
        return Intent.OVERDUE if asked.overdue and not asked.group else Intent.ROWS
    return intent


def _names(text: str) -> tuple[str, ...]:
    """What may be the end of a title; of documents that are compared each has its own (建设方案和任务清单)."""
    if _DIFFER.search(text):
        text = re.sub("[和与跟对、，,]|以及|关于", "\n", text)
        return tuple(name for name in _NAMED.findall(text) if "的" not in name)  # 中试基地的时限规定 is what they say
    return tuple(_NAMED.findall(text))


def _without_lead(unit: UnitMention) -> UnitMention:
    """章程规定理事会: what stands before the name belongs to the question."""
    match = _LEAD.match(unit.name)
    if match is None or len(unit.name) - match.end() < _SHORTEST:
        return unit
    return UnitMention(unit.name[match.end() :], Span(unit.span.start + match.end(), unit.span.end))


def _blanked(text: str, spans: Iterable[Span]) -> str:
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


_DIFFER = re.compile(
    "(?:有(?:什么|何|啥|没有|无)?|有哪些)?(?:不同|区别|差异|出入|不一样|不一致)|一样(?!的)|一致|相同|相比|对比|比较|哪(?:个|份)(?:更)?[早晚多少高低大小长短宽严]"
)


def compared_words(question: Understood) -> str:
    """What documents are compared in: the question without their names and the words of comparing."""
    text = question.text
    for name in sorted((*question.named, *question.numbers), key=len, reverse=True):
        text = text.replace(name, " ")
    text = re.sub(
        f"(?:{_KIND_NAMES})(?:里|中)?|第[0-9]+号|[两二三几]份文件|中?(?:的)?规定|写的|前后", " ", _DIFFER.sub(" ", text)
    )
    return object_of(
        re.sub("(?<![一-鿿])对|关于|有何|任务(?=写)|牵头|配合|会办|负责|责任|单位|时限|期限|时间|完成", " ", text)
    ).replace(" ", "")


def object_of(text: str, units: tuple[str, ...] = ()) -> str:
    """The words of a question that name its object, joined by spaces: without units, references and asking words."""
    rest = _TITLE.sub(" ", text)
    for span, _ in (*find_document_numbers(rest), *find_proposal_numbers(rest), *find_sessions(rest)):
        rest = rest[: span.start] + " " * (span.end - span.start) + rest[span.end :]
    for unit in sorted(units, key=len, reverse=True):
        rest = rest.replace(unit, " ")
    for mention in find_deadlines(rest):
        if mention.kind in ("fixed", "relative"):
            rest = rest.replace(mention.as_written, " ")
    rest = _CLAUSE_REF.sub(" ", rest)
    rest = _FUNCTION.sub(" ", fold(rest))
    return " ".join(re.findall("[㐀-鿿a-z0-9]+", rest))


def _without_titles(text: str) -> str:
    return _TITLE.sub(lambda m: "\x00" * len(m.group()), text)
