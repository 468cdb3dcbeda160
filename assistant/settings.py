"""The one place that reads settings: environment variables with the prefix ``ASSISTANT_``.

Only the composition roots import this module. The README's table of settings is checked against it by a test.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.domain.access import Visibility
from assistant.errors import SettingsError
from assistant.language import english

#: What is wrong with a value, by the library's name for it, with the bounds that it gives.
_WRONG = {
    "int_parsing": "要写整数",
    "int_from_float": "要写整数",
    "float_parsing": "要写数字",
    "bool_parsing": "要写 true 或 false",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "要小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "可以写 {expected}",
}


def _plain(error: Any) -> str:
    """What is wrong with one value, without the value."""
    if error["type"] in _WRONG and not english():
        return _WRONG[error["type"]].format(**error.get("ctx", {}))
    return str(error["msg"]).removeprefix("Value error, ")


class Settings(BaseSettings):
    """All settings with their defaults; each field's description is its row in the README."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", env_file=None, extra="ignore", frozen=True)

    def __init__(self, **values: Any) -> None:
        """Read the environment; ``values`` come before it. Raises :class:`SettingsError` naming the bad variables."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            # The value itself is left out: it may be a key.
            wrong = "；".join(
                f"ASSISTANT_{'_'.join(map(str, e['loc'])).upper()}（{_plain(e)}）" for e in error.errors()
            )
            raise SettingsError(f"设置有误：{wrong}。", "各项设置的含义与默认值见 README 的设置表。") from None

    data_dir: Path = Field(Path("data"), description="Folder for everything that is written: database, index, locks.")
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL database for everything but the index, such as `postgresql://user:password@host/name`, "
        "for several machines; unset: `library.db` in the data folder. Needs the extra `postgres`.",
    )
    chroma_url: str | None = Field(
        None,
        description="Chroma server for the vectors, such as `http://10.0.0.6:8000`, or `https://api.trychroma.com`; "
        "unset: files in the data folder, which are searched faster.",
    )
    chroma_token: SecretStr | None = Field(None, description="Token for that server, sent as `x-chroma-token`.")
    chroma_tenant: str = Field("default_tenant", description="Tenant on that server.")
    chroma_database: str = Field("default_database", description="Database on that server.")
    corpus_dir: Path = Field(Path("corpus"), description="Folder that `ingest run` reads when no path is given.")
    host: str = Field("127.0.0.1", description="Address the service binds to.")
    port: int = Field(8000, ge=0, le=65535, description="Port the service binds to.")

    embeddings_engine: Literal["auto", "onnx-int8", "onnx-exact", "package", "openai", "none"] = Field(
        "auto",
        description="Who embeds: `onnx-int8`, `onnx-exact` or `package` run the bundled model, `openai` calls the "
        "endpoint below, `none` searches by words alone; `auto` is `openai` where a base URL is set, else the "
        "fastest bundled engine that works here.",
    )
    embeddings_base_url: str | None = Field(None, description="OpenAI-compatible embeddings endpoint, with `/v1`.")
    embeddings_model: str | None = Field(None, description="Model name at that endpoint.")
    embeddings_api_key: SecretStr | None = Field(None, description="Key for that endpoint, if it wants one.")
    embeddings_threads: int = Field(2, ge=1, le=64, description="Threads the bundled model may use.")

    rerank_base_url: str | None = Field(
        None,
        description="Reranking endpoint (`POST …/rerank` as Jina, Cohere, vLLM, Xinference or TEI serve it), without "
        "`/rerank`. Unset: retrieval by score fusion alone.",
    )
    rerank_model: str | None = Field(None, description="Model name at that endpoint, where it wants one.")
    rerank_api_key: SecretStr | None = Field(None, description="Key for that endpoint, if it wants one.")
    rerank_timeout: float = Field(3.0, gt=0, description="Seconds the reranking endpoint may take.")

    llm_base_url: str | None = Field(
        None, description="OpenAI-compatible chat endpoint, with `/v1`. Unset: extractive."
    )
    llm_model: str | None = Field(None, description="Model name at that endpoint.")
    llm_api_key: SecretStr | None = Field(None, description="Key for that endpoint, if it wants one.")
    llm_timeout: float = Field(60.0, gt=0, description="Seconds for a whole reply of the chat model.")
    llm_stall_timeout: float = Field(
        15.0, gt=0, description="Seconds the chat model may stay silent before or within a reply."
    )

    ledger_candidates: bool = Field(
        False,
        description="After each `ingest run` ask the chat model about clauses that the ledger's rules leave unread; "
        "what it offers waits for a person's confirmation, see `docs/ledger.md`.",
    )

    widget_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Origins whose pages may embed the widget, such as `https://oa.example.gov.cn`, separated by "
        "commas; pages of the service itself always may.",
    )

    public_url: str = Field(
        "",
        description="Address under which staff reach the service, for links in WeCom, such as `https://ask.example.gov.cn`.",
    )
    wecom_robot_token: SecretStr | None = Field(None, description="Token of the WeCom robot's callback.")
    wecom_robot_aes_key: SecretStr | None = Field(None, description="EncodingAESKey of the WeCom robot's callback.")
    wecom_robot_name: str = Field(
        "", description="What the robot is called in groups: `@name` is taken out of questions."
    )
    wecom_robot_id: str | None = Field(
        None, description="Bot ID for the robot's long connection (`assistant wecom run`)."
    )
    wecom_robot_secret: SecretStr | None = Field(None, description="Secret for the robot's long connection.")
    wecom_corp_id: str | None = Field(None, description="Corporation id, for the self-built app.")
    wecom_agent_id: int | None = Field(None, description="AgentId of the self-built app.")
    wecom_app_secret: SecretStr | None = Field(None, description="Secret of the self-built app.")
    wecom_app_token: SecretStr | None = Field(None, description="Token of the app's callback.")
    wecom_app_aes_key: SecretStr | None = Field(None, description="EncodingAESKey of the app's callback.")
    wecom_api_url: str = Field(
        "https://qyapi.weixin.qq.com", description="WeCom's interface, or a proxy of it, for messages that are sent."
    )
    wecom_socket_url: str = Field("", description="Address of the long connection; empty: the vendor's.")

    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins whose pages may call the service from the browser with a key of their own."
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Addresses or networks of reverse proxies, such as `10.0.0.7,10.1.0.0/16`, whose login headers and "
        "`X-Forwarded-Proto` are believed.",
    )
    sso_user_header: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        description="Header in which those proxies name the signed-in user, such as `X-Remote-User`; unset: no single "
        "sign-on.",
    )
    sso_departments_header: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        description="Header in which they list the user's departments, between commas.",
    )
    sso_groups_header: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        description="Header in which they list the user's groups, between commas, for the next three; may be the one "
        "of the departments.",
    )
    sso_ingest_groups: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Groups, between commas, whose members may bring documents in and take them out; unset: none."
    )
    sso_review_groups: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Groups whose members may confirm and correct the ledger."
    )
    sso_admin_groups: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Groups whose members may do everything and see every document."
    )

    handling_rules: Path | None = Field(
        None,
        description="Table (CSV or YAML) of the time limits for answering proposals (办复时限), see `docs/ledger.md`. "
        "Unset: they are not computed.",
    )

    units: Path | None = Field(
        None,
        description="Table (CSV) of the place's own units with their other names, put before the registry of the "
        "product, see `docs/ledger.md`. Unset: none.",
    )

    default_visibility: str = Field(
        "内部", description="Who may see files that nothing else labels: `公开`, `内部` or `部门:名称`."
    )

    # The command line looks for itself, assistant/language.py: its help is printed before settings are read.
    lang: str = Field("zh", description="Language of what the command line says: `zh` or `en`; answers stay Chinese.")
    sources_footer: bool = Field(
        True, description="Append 参考来源 to answers of the OpenAI-compatible API, for clients that show only text."
    )
    questions_per_minute: int = Field(
        60, ge=0, description="Questions that one key or user may ask in a minute; 0: as many as they like."
    )
    questions_at_once: int = Field(10, ge=0, description="Answers under way for one key or user; 0 as above.")
    audit_days: int = Field(180, ge=0, description="Days that the audit log is kept; 0: for ever.")
    audit_content: bool = Field(False, description="Keep in the audit log what was asked, too.")
    conversation_days: int = Field(0, ge=0, description="Days that a conversation is kept after its last question.")
    log: Literal["plain", "json"] = Field("plain", description="Form of the log on standard error.")
    tracing: bool = Field(False, description="Send OpenTelemetry spans; where to: `OTEL_EXPORTER_OTLP_ENDPOINT`.")

    max_question_chars: int = Field(2000, ge=1, description="Longest question taken, in characters.")
    max_file_mb: int = Field(50, ge=1, description="Largest file that ingest takes, in MiB.")
    max_pages: int = Field(2000, ge=1, description="Pages of a file that ingest takes.")
    max_scanned_pages: int = Field(500, ge=0, description="Of these, pages whose print must be recognised.")
    max_picture_megapixels: int = Field(60, ge=1, description="Largest picture that is decoded, in megapixels.")
    max_characters: int = Field(5_000_000, ge=1, description="Characters of one document.")
    max_cells: int = Field(500_000, ge=1, description="Cells of a spreadsheet, merged ones counted in each place.")
    max_rows: int = Field(10_000, ge=1, description="Documents of a table that holds one a row.")
    max_unpacked_mb: int = Field(
        300, ge=1, description="What a `.zip`, `.docx`, `.xlsx` or `.ofd` may be when unpacked, in MiB."
    )
    max_unpacked_ratio: int = Field(250, ge=2, description="Unpacked to packed size, beyond which it is an attack.")
    max_archive_files: int = Field(2000, ge=1, description="Documents in an archive, attachments of a mail.")
    max_archive_depth: int = Field(2, ge=1, description="How deep archives in archives and mails in mails are read.")
    parse_seconds: float = Field(
        20.0, gt=0, description="Seconds for parsing a file, or one in an archive; pictures and old Word get more."
    )
    parse_memory_mb: int = Field(1024, ge=64, description="Memory for parsing a file, in MiB; as above.")
    picture_seconds: float = Field(60.0, gt=0, description="Seconds for a picture, and for each page of a scan.")
    picture_memory_mb: int = Field(4096, ge=256, description="Addresses for a picture, `.pdf` or `.ofd`, in MiB.")
    office_seconds: float = Field(120.0, gt=0, description="Seconds for a file that LibreOffice converts.")
    office_memory_mb: int = Field(8192, ge=1024, description="Addresses for it, in MiB; it uses far less memory.")

    @property
    def library_url(self) -> str | None:
        """The database's address in plain text; None for the file in the data folder."""
        return self.database_url.get_secret_value() if self.database_url else None

    @property
    def chroma(self) -> tuple[str, str, str, str | None] | None:
        """Address, tenant, database and token of the vector server; None where vectors are kept in files."""
        if self.chroma_url is None:
            return None
        token = self.chroma_token.get_secret_value() if self.chroma_token else None
        return self.chroma_url, self.chroma_tenant, self.chroma_database, token

    @field_validator("default_visibility")
    @classmethod
    def _label(cls, value: str) -> str:
        """A label that ingest can read."""
        return str(Visibility.parse(value))

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: Any) -> Any:
        """Addresses and networks between commas or spaces."""
        if not isinstance(value, str):
            return value
        listed = tuple(value.replace(",", " ").replace("，", " ").split())
        for network in listed:
            try:
                ip_network(network, strict=False)
            except ValueError:
                raise ValueError("应为地址或网段，如 10.0.0.7、10.1.0.0/16，多个之间用逗号隔开") from None
        return listed

    @field_validator("sso_ingest_groups", "sso_review_groups", "sso_admin_groups", mode="before")
    @classmethod
    def _groups(cls, value: Any) -> Any:
        """Names between commas; a name may hold spaces."""
        if not isinstance(value, str):
            return value
        return tuple(filter(None, (name.strip() for name in re.split("[,，]", value))))

    @field_validator("widget_origins", "cors_origins", mode="before")
    @classmethod
    def _origins(cls, value: Any) -> Any:
        """Origins between commas or spaces, each a scheme and a host and nothing more."""
        if not isinstance(value, str):
            return value
        origins = tuple(value.replace(",", " ").replace("，", " ").split())
        for origin in origins:
            parts = urlsplit(origin)
            # What does not look exactly like an origin would open the policy header to whatever it holds.
            if origin != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in {"http", "https"}:
                raise ValueError("应为来源，如 https://oa.example.gov.cn，多个之间用逗号隔开")
            if not re.fullmatch(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?", parts.netloc):
                raise ValueError("来源中的主机名只能有字母、数字、点和连字符")
        return origins
