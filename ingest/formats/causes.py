"""Why a file cannot be read, in words of an office: libraries and the system say it in English.

What they say is kept beside it (``detail``) for whoever looks into the file, and is shown with ``--json`` alone.
"""

from __future__ import annotations

import errno
import re

_SYSTEM = {
    errno.EACCES: "没有读取权限",
    errno.EPERM: "没有读取权限",
    errno.ENOENT: "文件已不在原处（可能刚被移走或改名）",
    errno.ENOTDIR: "所在的文件夹已不在原处",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EIO: "磁盘读取出错",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ELOOP: "链接互相指向，找不到文件",
    errno.EBUSY: "文件正被别的程序占用",
    errno.EMFILE: "同时打开的文件过多",
    errno.ENFILE: "同时打开的文件过多",
    errno.ESTALE: "网络盘的连接已失效",
    errno.ENOTCONN: "网络盘没有连接",
    errno.EHOSTDOWN: "网络盘没有应答",
    errno.ETIMEDOUT: "网络盘没有应答",
}
_HAN = re.compile("[㐀-鿿]")
_LONGEST = 200


def of_system(error: OSError) -> str:
    """What the system says of a file or folder, with the number of what it has no words for."""
    return _SYSTEM.get(error.errno or 0, f"系统不能读取（错误号 {error.errno or 0}）")


def own_words(error: BaseException) -> str:
    """The words of an exception where they are ours, which are Chinese; else nothing."""
    said = str(error)
    return said if _HAN.search(said) else ""


def detail(error: BaseException) -> str:
    """What the library said, without the address of an object, so that the same bytes give the same words."""
    cause = error if error.__cause__ is None else error.__cause__
    if own_words(cause):
        return ""
    return re.sub(" at 0x[0-9a-fA-F]+", "", f"{type(cause).__name__}: {cause}".strip(": "))[:_LONGEST]
