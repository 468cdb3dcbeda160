"""What belongs to a government site and not to the document on it: rules of text, independent of markup."""

from __future__ import annotations

import re

from ingest.formats.spaces import without_inner_spaces

#: Labels of the metadata block (GB/T 9704 and the catalogue of the State Council's site), without spaces.
LABELS = frozenset(
    "索引号 信息索引号 主题分类 主题词 关键词 发文机关 发文单位 发布机构 发布机关 成文日期 生成日期 发文日期 发布日期 "
    "发布时间 公开日期 标题 名称 文件名称 信息名称 发文字号 文号 文件编号 信息分类 体裁分类 组配分类 公文种类 公开类别 "
    "公开方式 公开属性 公开形式 有效性 时效性 是否有效 废止日期 废止时间 生效日期 失效日期 实施日期 服务对象".split()
)

#: Names (id or class, lower case) that content systems of government sites give to the box of the document.
BODY_NAMES = frozenset(
    "ucap-content trs_editor trs_editor_view trs_ueditor view zoom zoomcon pages_content main content article "
    "article-content article_content articlecontent article-body content-body contentbox con_text contenttext "
    "text-content news_content newscontent detail-content xxgk_content gkcontent j-fontcontent info-cont fontzoom "
    "mainbody maintext".split()
)

#: Names of boxes that belong to the site.
SITE_NAMES = frozenset(
    "nav navbar navigation menu crumb crumbs breadcrumb location position related relate share bdsharebuttonbox "
    "toolbar foot footer copyright sidebar top topbar search pages_print qr_container div_div".split()
)

_SITE = re.compile(
    r"扫一扫|扫码|二维码|打印本页|打印$|关闭(?:窗口|本页)|分享到|分享至|^分享|字体[：:]|字号[：:]|【?字体|版权所有|ICP备|公网安备"
    r"|网站标识码|^当前位置|^您(?:的|现在的|当前的?)位置|^您现在|^主办(?:单位)?[：:].{0,40}(?:网站|备|信息中心)|技术支持[：:]"
    r"|^承办(?:单位)?[：:].{0,40}(?:网站|备|信息中心)|^上一[篇条]|^下一[篇条]|^相关(?:链接|阅读|文章|新闻|稿件|解读|文件)"
    r"|^责任编辑|^(?:稿件|信息)?来源[：:]|^浏览(?:次数|量)|^点击(?:数|率|次数)|访问量|访问者|^阅读次数|设为首页|加入收藏"
    r"|^(?:作者|编辑|录入|审核|供稿|发布人?|来源)[：:].{0,40}(?:发布时间|发布日期|点击|浏览|阅读|访问)[：:量次数]|点击[：:]\s{0,3}[0-9,]{0,9}\s{0,3}次$"
    r"|^返回(?:顶部|首页|列表)|^(?:网站|站点)(?:地图|首页|声明)|^联系我们|^无障碍|^收藏|^发布(?:时间|日期)[：:]\s*\d{4}"
)
_LONGEST = 120  # characters of a text of the site; a longer one is read as the document's unless it is all links


def label_of(text: str) -> str:
    """The text as a label: without spaces, brackets and its colon."""
    return without_inner_spaces(text).strip("：:【】[]*")


def label_and_value(text: str) -> tuple[str, str]:
    """“索 引 号：0001” as (索引号, 0001); ("", "") where the text does not open with a known label and a colon."""
    head, colon, _ = text[:20].partition("：")
    if not colon:
        head, colon, _ = text[:20].partition(":")
    label = label_of(head)
    if not colon or label not in LABELS:
        return "", ""
    return label, text[len(head) + 1 :].strip()


def is_site_text(text: str, linked: int, before: int) -> bool:
    """Whether a block is the site's: mostly links (``linked`` characters of it), or one of the usual phrases.

    ``before`` is the number of blocks of the document already found. A block that reads as a sentence and is not
    made of links is the document's.
    """
    if linked * 2 > len(text) and (not text.endswith(("。", "；", "：")) or linked >= len(text) - 1):
        return not (before and text.startswith("附件"))
    if len(text) > _LONGEST or text.endswith("。"):
        return False
    return bool(_SITE.search(text))
