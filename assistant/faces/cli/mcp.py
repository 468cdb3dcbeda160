"""``assistant mcp``: the corpus as tools for other assistants, over standard input and output."""

from __future__ import annotations

import logging
import sys

import click

from assistant.faces.cli.session import fail, opened


@click.command("mcp")
@click.pass_context
def command(ctx: click.Context) -> None:
    """作为工具（MCP）供其他智能助手检索、提问和查台账；由对方程序启动，经标准输入输出通信。"""
    try:
        from assistant.faces.mcp_server import build
    except ImportError:
        fail("缺少 MCP 组件。", "请安装 policy-assistant[mcp]。")
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)  # standard output belongs to the protocol
    with opened(ctx) as service:
        build(service.asker, service.searcher, service.readers_ledger, service.readers_indexes).run("stdio")
