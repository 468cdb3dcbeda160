"""What to do with a file of a format that is not taken, by its suffix, in words for whoever looks after the folder."""

from __future__ import annotations

_ADVICE = {
    "是压缩包，请解压后导入，或改存为 .zip": "rar 7z gz tar tgz bz2 xz cab iso arj",
    "请另存为 PDF 后再导入": "ppt pptx pptm pps ppsx dps dpt pot potx key pub vsd vsdx dwg dxf xmind mmap",
    "请用原来的阅读器打印或另存为 PDF 后再导入": "caj nh kdh ceb cebx sep gd gw gwz vip djvu xps oxps epub mobi chm",
    "请另存为 .jpg 或 .png 后再导入": "heic heif webp gif psd ai cdr avif svg emf wmf",
    "请另存为 .docx 后再导入": "odt ott uof uot pages wpd wri",
    "请另存为 .xlsx 后再导入": "et ett ods numbers xlsb dbf mdb accdb",
    "请在邮件程序中把邮件另存为 .eml 后再导入": "msg oft pst dbx",
    "是音频或视频；如有文字稿，请导入文字稿": "mp3 wav m4a amr wma mp4 avi mov wmv mkv flv mpg rmvb",
    "是快捷方式，请导入它所指的文件": "lnk url desktop website",
    "是程序，不是文件资料，可以移出文件夹": "exe dll msi bat cmd apk jar com scr sys",
    "是临时文件或备份；内容有用的，请改回原来的扩展名": "tmp temp bak old part crdownload asd wbk dmp",
}
_BY_SUFFIX = {f".{suffix}": advice for advice, suffixes in _ADVICE.items() for suffix in suffixes.split()}


def advice(suffix: str) -> str:
    """What to do with a file of that suffix (with its dot, lower case; empty for none)."""
    if not suffix:
        return "请补上扩展名（如 .docx、.pdf）后再导入"
    return _BY_SUFFIX.get(suffix, "请另存为 Word、Excel、PDF、OFD 或文本文件后再导入")
