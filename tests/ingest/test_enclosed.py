"""Files that come with mails and OFD files become documents of their own."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import ofd_files as files
import pytest

from assistant.domain.policy import Problem
from ingest.containers import ArchiveLimits
from ingest.enclosed import enclosed
from ingest.formats.model import Limits
from ingest.worker import items


def mail(*attachments: tuple[str, bytes], inside: EmailMessage | None = None, subject: str = "往来") -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = subject, "a"
    message.set_content("正文见附件。")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    if inside is not None:
        message.add_attachment(inside)
    return message


def names(found: object) -> list[str]:
    return [f"{i.source}：{i.reason}" if isinstance(i, Problem) else i.name for i in found]  # type: ignore[attr-defined]


def archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for name, content in members.items():
            packed.writestr(name.replace("_", "."), content)
    return target.getvalue()


def test_attachments_of_mails_come_with_their_bytes() -> None:
    data = mail(("通知.txt", "通知正文".encode()), ("通知.txt", b"2"), ("表.zip", archive(a_txt=b"1"))).as_bytes()
    found = list(enclosed("收件/a.eml", data))
    assert names(found) == ["收件/a.eml/通知.txt", "收件/a.eml/2 通知.txt", "收件/a.eml/表.zip/a.txt"]
    assert found[0].data == "通知正文".encode()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "shown"),
    [("../../etc/passwd.txt", "_.._etc_passwd.txt"), ("C:\\a.txt", "C:_a.txt"), ("a\x00b.txt", "a_b.txt")],
)
def test_names_of_attachments_are_no_paths(written: str, shown: str) -> None:
    (name,) = names(enclosed("a.eml", mail((written, b"x")).as_bytes()))
    assert name.removeprefix("a.eml/").strip("_") in (shown, shown.strip("_"), "b.txt", "ab.txt")
    assert name.count("/") == 1


def test_forwarded_mails_are_taken_with_theirs_to_a_depth() -> None:
    deepest = mail(("丁.txt", b"4"), subject="丙")
    data = mail(inside=mail(("甲.txt", b"1"), inside=deepest, subject="乙")).as_bytes()
    outer = "a.eml/转发的邮件 乙.eml"
    assert names(enclosed("a.eml", data)) == [
        outer,
        f"{outer}/甲.txt",
        f"{outer}/转发的邮件 丙.eml",
        f"{outer}/转发的邮件 丙.eml：附件嵌套超过 2 层",
    ]


def test_attachments_of_ofd_files_come_with_their_bytes() -> None:
    space = f'xmlns:ofd="{files.NAMESPACE}"'
    parts = files.document(
        [files.page(files.text("正文。", 30, 50))], tail="<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
    ) | {
        "Attachs/Attachments.xml": f'<ofd:Attachments {space}><ofd:Attachment Name="附件1">'
        '<ofd:FileLoc>a.txt</ofd:FileLoc></ofd:Attachment><ofd:Attachment Name="data" Visible="false">'
        "<ofd:FileLoc>b.xml</ofd:FileLoc></ofd:Attachment>"
        "</ofd:Attachments>",
        "Attachs/a.txt": "附件正文。",
        "Attachs/b.xml": "<a/>",
    }
    found = list(enclosed("a.ofd", files.ofd(parts)))
    assert names(found) == ["a.ofd/附件1.txt"]
    assert found[0].data == "附件正文。".encode()  # type: ignore[union-attr]


def test_other_formats_and_broken_files_enclose_nothing() -> None:
    assert list(enclosed("a.txt", b"x")) == []
    assert list(enclosed("a.ofd", b"PK broken")) == []
    assert list(enclosed("a.eml", b"")) == []


def test_limits_hold() -> None:
    data = mail(*[(f"{n}.txt", b"x") for n in range(5)]).as_bytes()
    assert names(enclosed("a.eml", data, ArchiveLimits(members=2)))[-1] == "a.eml：附件超过 2 个，其后未收入"


def test_a_worker_takes_them_after_the_file_also_in_archives() -> None:
    data = mail(("甲.txt", b"1")).as_bytes()
    assert [i[0] for i in items("a.eml", data, Limits()) if not isinstance(i, Problem)] == ["a.eml", "a.eml/甲.txt"]
    packed = archive(a_eml=data)
    assert [i[0] for i in items("z.zip", packed, Limits()) if not isinstance(i, Problem)] == [
        "z.zip/a.eml",
        "z.zip/a.eml/甲.txt",
    ]
