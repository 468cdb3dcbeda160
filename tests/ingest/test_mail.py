"""Mails and saved pages: charsets and transfer encodings, the reader's text, metadata, attachments, masking."""

from __future__ import annotations

import base64
import codecs
import quopri
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parsing import parsed, paths, with_problems

from ingest.formats.mail import parse_mail, parse_saved_page
from ingest.formats.model import Limits, ParsedFile
from ingest.parse import parse

NOTICE = "关于报送总结的通知\n各处室：\n请于12月20日前报送年度工作总结。\n办公室\n2024年12月1日\n"
PAGE = (
    "<html><head><meta charset='{charset}'></head><body><h1>任务分工</h1>"
    "<table><tr><th>任务</th><th>单位</th></tr><tr><td>修订办法</td><td>法规处</td></tr></table>"
    "<p>请各单位按分工抓好落实。</p></body></html>"
)
HEAD = "From: zhang@jyj.example.cn\r\nSubject: x\r\nDate: Mon, 02 Dec 2024 09:05:00 +0800\r\nMIME-Version: 1.0\r\n"


def read(data: bytes) -> ParsedFile:
    return parse_mail(data, Limits())


def text_of(result: ParsedFile) -> str:
    return "\n".join(block.text for block in result.blocks)


def mail(content: str = NOTICE, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = headers.get("subject", "关于报送总结的通知")
    message["From"] = headers.get("sender", "张三 <zhangsan@jyj.example.cn>")
    message["Date"] = "Mon, 02 Dec 2024 09:05:00 +0800"
    message.set_content(content)
    return message


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("8bit", NOTICE.encode("gb18030")),
        ("base64", base64.encodebytes(NOTICE.encode("gb18030"))),
        ("quoted-printable", quopri.encodestring(NOTICE.encode("gb18030"))),
    ],
)
@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030", "iso-8859-1", "us-ascii", "nonsense"])
def test_chinese_mails_are_decoded_whatever_they_declare(encoding: str, body: bytes, charset: str) -> None:
    head = f"{HEAD}Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    assert text_of(read(head.encode() + body)).strip() == NOTICE.strip()


def test_subject_sender_and_date_are_metadata_and_addresses_are_masked() -> None:
    document, problems = with_problems(mail().as_bytes(), "a.eml")
    assert document.text.startswith(
        "邮件主题：关于报送总结的通知\n发件人：张三 <z*******@jyj.example.cn>\n日期：2024年12月2日 09:05\n"
    )
    assert document.title == "关于报送总结的通知"
    assert any("遮蔽" in p.reason for p in problems)


def test_the_subject_is_the_title_where_the_body_has_none() -> None:
    message = mail(
        "各处室：\n请于12月20日前报送年度工作总结。\n办公室\n2024年12月1日\n", subject="转发：关于报送总结的通知"
    )
    document = parsed(message.as_bytes(), "收件.eml")
    assert (document.title, document.kind) == ("关于报送总结的通知", "通知")


@pytest.mark.parametrize(
    "subject",
    [
        "=?gb2312?B?" + base64.b64encode("关于总结".encode("gb2312")).decode() + "?=",
        "=?GBK?Q?=B9=D8=D3=DA=D7=DC=BD=E1?=",
        "=?utf-8?B?" + base64.b64encode("关于".encode()).decode() + "?=\r\n =?utf-8?B?"
        + base64.b64encode("总结".encode()).decode() + "?=",
        "关于总结",
    ],
    ids=["base64", "quoted", "two words", "raw bytes"],
)  # fmt: skip
def test_subjects_are_decoded(subject: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        data = f"Subject: {subject}\r\nFrom: a\r\n\r\n正文内容如下。".encode(encoding)
        assert dict(read(data).metadata)["邮件主题"] == "关于总结"


def test_a_subject_with_a_broken_encoded_word_does_not_cost_the_mail() -> None:
    result = read("Subject: =?utf-8?B?abcde?=\r\nFrom: a\r\n\r\n正文内容如下。".encode())
    assert text_of(result) == "正文内容如下。"
    assert dict(result.metadata)["邮件主题"] == "=?utf-8?B?abcde?="


def test_an_empty_page_beside_the_text_is_named() -> None:
    message = mail()
    message.add_alternative("<!-- -->", subtype="html")
    result = read(message.as_bytes())
    assert text_of(result).strip() == NOTICE.strip()


def test_the_page_is_taken_where_it_holds_what_the_text_holds() -> None:
    message = mail("任务分工\n修订办法 法规处\n请各单位按分工抓好落实。\n")
    message.add_alternative(PAGE.format(charset="utf-8"), subtype="html")
    assert "任务：修订办法；单位：法规处" in text_of(read(message.as_bytes()))


def test_the_text_is_taken_where_the_page_only_points_elsewhere() -> None:
    message = mail()
    message.add_alternative("<p>请点击此处在网页中查看。</p>", subtype="html")
    assert text_of(read(message.as_bytes())).strip() == NOTICE.strip()


def test_attachments_and_forwarded_mails_are_named_and_not_mixed_in() -> None:
    message = mail()
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="任务分解表.pdf")
    message.add_attachment("附件里的文字。", filename="说明.txt")
    message.add_attachment(mail("里面的信。", subject="往来函件"))
    result = read(message.as_bytes())
    assert text_of(result).strip() == NOTICE.strip()
    assert [(t.reason, t.lost) for t in result.troubles] == [
        ("有附件，各作一份文件收入：任务分解表.pdf、说明.txt、转发的邮件 往来函件.eml", False)
    ]


def test_a_file_name_in_raw_gb18030_is_legible() -> None:
    data = (
        HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=gbk\r\n\r\n"
        "正文内容。\r\n--b\r\nContent-Type: application/msword\r\n"
        'Content-Disposition: attachment; filename="年度工作总结.doc"\r\n\r\nx\r\n--b--\r\n'
    ).encode("gb18030")
    assert "年度工作总结.doc" in read(data).troubles[0].reason


def test_signatures_are_no_attachments_and_pictures_are_counted() -> None:
    message = mail()
    message.add_attachment(b"0", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    assert read(message.as_bytes()).troubles == ()
    html = "<p>各处室：请于年底前报送年度工作总结。</p><img src='cid:a'>"
    page = EmailMessage()
    page["Subject"] = "x"
    page.set_content(html, subtype="html")
    page.add_related(b"\x89PNG", maintype="image", subtype="png", cid="<a>")
    assert [(t.reason, t.lost) for t in read(page.as_bytes()).troubles] == [("有 1 张图片中的文字未收入", False)]


def test_flowed_lines_are_joined() -> None:
    head = HEAD + "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n"
    data = head + "请各处室 \r\n按时报送。\r\n> 引文 \r\n"
    assert text_of(read(data.encode())).splitlines()[:2] == ["请各处室按时报送。", "> 引文 "]


def saved_page(charset: str, declared: str = "") -> bytes:
    body = quopri.encodestring(PAGE.format(charset=charset).encode(charset))
    return (
        "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/html{declared}\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "Content-Location: http://www.example.cn/a.html\r\n\r\n"
    ).encode() + body + (
        b"\r\n--b\r\nContent-Type: text/css\r\nContent-Location: a.css\r\n\r\np{}\r\n"
        b"--b\r\nContent-Type: image/png\r\nContent-Location: a.png\r\n\r\nx\r\n--b--\r\n"
    )  # fmt: skip


@pytest.mark.parametrize("suffix", ["mht", "mhtml"])
@pytest.mark.parametrize(
    ("charset", "declared"), [("utf-8", '; charset="utf-8"'), ("gb2312", ""), ("gb18030", "; charset=gbk")]
)
def test_saved_pages_are_read_as_pages(suffix: str, charset: str, declared: str) -> None:
    document = parsed(saved_page(charset, declared), f"a.{suffix}")
    assert document.title == "任务分工"
    assert "Saved by" not in document.text
    assert any("表" in path for path in paths(document))


def test_the_part_named_as_start_is_the_page() -> None:
    data = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b; start="<main>"\n\n'
        "--b\nContent-Type: text/html\nContent-ID: <frame>\nContent-Location: menu.html\n\n<p>目录页面。</p>\n"
        "--b\nContent-Type: text/html; charset=utf-8\nContent-ID: <main>\n\n<p>正文内容如下，请遵照执行。</p>\n--b--\n"
    )
    result = parse_saved_page(data.encode(), Limits())
    assert text_of(result) == "正文内容如下，请遵照执行。"
    assert "内嵌网页1.html" in result.troubles[-1].reason


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.eml", "没有邮件头的一段文字。".encode(), "没有邮件头"),
        ("a.eml", b"", "没有邮件头"),
        ("a.mht", b"plain words", "没有文件头"),
        ("a.eml", f"{HEAD}Content-Type: application/pkcs7-mime\r\n\r\nMIIB".encode(), "加密"),
        ("a.eml", f"{HEAD}Content-Type: image/png\r\nContent-ID: <a>\r\n\r\nx".encode(), "只有图片"),
        ("a.eml", f"{HEAD}Content-Type: text/plain\r\n\r\n \r\n".encode(), "没有可收入的文字"),
        ("a.eml", f"{HEAD}Content-Type: application/msword; name=a.doc\r\n\r\nx".encode(), "没有可收入的文字"),
    ],
)
def test_what_holds_no_text_is_named(name: str, data: bytes, reason: str) -> None:
    document, problems = parse(name, data)
    assert document is None
    assert any(p.lost and reason in p.reason for p in problems), problems


def test_mails_in_mails_and_many_parts_end() -> None:
    nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(3000))
    document, problems = parse("a.eml", (HEAD + nested).encode())
    assert document is None
    assert problems
    many = HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n\r\n字\r\n" * 3000 + "--b--\r\n"
    _, problems = with_problems(many.encode(), "a.eml")
    assert any("超过" in p.reason and p.lost for p in problems)


def test_a_mark_before_the_headers_is_no_header() -> None:
    assert text_of(read(codecs.BOM_UTF8 + b"\r\n" + mail().as_bytes())).strip() == NOTICE.strip()


@given(st.binary(max_size=300), st.sampled_from(["8bit", "base64", "quoted-printable", "x-uuencode"]))
@settings(max_examples=60, deadline=None)
def test_any_body_is_read_or_named(body: bytes, encoding: str) -> None:
    head = f"{HEAD}Content-Type: text/plain; charset=gbk\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    document, problems = parse("a.eml", head.encode() + body)
    assert document is not None or problems
