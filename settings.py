"""Every setting, read from the environment here and nowhere else."""

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

EMBEDDED = Path("var/registry.db")
EMBEDDED_KEYS = Path("var/personal.keys")
ACCEPTED = "names no database: postgresql://user@host/name or sqlite:///path is accepted."


class WrongSetting(Exception):
    """A sentence for whoever starts the service."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. This machine alone unless another is named: what "
        "comes from elsewhere is to come through a proxy that speaks TLS.",
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    database_url: str | None = Field(
        default=None,
        description="`postgresql://user@host/name` or `sqlite:///path`. Without it: an embedded "
        "SQLite file, `var/registry.db`, with the example records. Behind a proxy that pools "
        "transactions, such as pgbouncer: `postgresql://user@host/name?pooling=transaction`.",
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="How log lines look; auto: text on a terminal, else JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is logged."
    )
    request_seconds: float = Field(
        default=10, gt=0, description="The longest that a whole request may take."
    )
    statement_seconds: float = Field(
        default=5, gt=0, description="The longest that one statement may take in the database."
    )
    lock_seconds: float = Field(
        default=2, gt=0, description="How long a statement waits for what others keep locked."
    )
    pool_seconds: float = Field(
        default=3,
        gt=0,
        description="How long a request waits for its turn, or for a connection to the database.",
    )
    connect_seconds: float = Field(
        default=2, gt=0, le=60, description="How long connecting to the database may take."
    )
    body_seconds: float = Field(
        default=10, gt=0, description="How long the body of a request may take to arrive."
    )
    concurrent_queries: int = Field(
        default=32,
        ge=1,
        description="Queries that are answered at once; a further one waits, "
        "for `POOL_SECONDS` at most, and is then 503.",
    )
    connections: int = Field(
        default=900,
        ge=1,
        description="HTTP connections held at once; a request on a further one "
        "is 503. Keep it below the files that the process may open (`ulimit -n`).",
    )
    keep_alive_seconds: int = Field(
        default=75,
        ge=1,
        description="How long a connection stays open between two requests; "
        "longer than the reverse proxy keeps it.",
    )
    shutdown_seconds: int = Field(
        default=10, ge=1, description="How long requests under way may still take after SIGTERM."
    )
    points_per_minute: int = Field(
        default=1_000_000,
        ge=1,
        description="Points that a key or token may spend in 60 s; then 429 "
        "([what a point is](docs/limits.md#what-a-request-is-charged)).",
    )
    public_points_per_minute: int = Field(
        default=300_000,
        ge=1,
        description="Points that an address may spend in 60 s without a key; then 429.",
    )
    failures_per_minute: int = Field(
        default=10,
        ge=1,
        description="False keys or tokens that an address may send in 60 s; then 429.",
    )
    redis_url: str | None = Field(
        default=None,
        description="`redis://host:6379/0`, where several processes count rates "
        "together. Without it each counts by itself.",
    )
    forwarded_allow_ips: str = Field(
        default="127.0.0.1",
        description="Addresses of reverse proxies, separated by commas, whose "
        "`X-Forwarded-For` is believed.",
    )

    personal_keys: SecretStr | None = Field(
        default=None,
        description="`id:key,id:key`, 32 bytes in base64 each: what personal data is sealed with, "
        "the first for writing. The embedded file has its own; without any there is none.",
    )
    personal_index_keys: SecretStr | None = Field(
        default=None,
        description="As `PERSONAL_KEYS`, but other keys: what numbers are found by.",
    )
    keep_documents: int = Field(
        default=3,
        ge=0,
        le=100,
        description="Years for which numbers of documents are kept after a worker's last spell.",
    )
    keep_contact: int = Field(
        default=3, ge=0, le=100, description="As `KEEP_DOCUMENTS`, phone numbers."
    )
    keep_birth: int = Field(
        default=3, ge=0, le=100, description="As `KEEP_DOCUMENTS`, birth dates."
    )
    keep_study: int = Field(
        default=3,
        ge=0,
        le=100,
        description="As `KEEP_DOCUMENTS`, numbers of students and certificates.",
    )

    keep_reports: int = Field(
        default=10,
        ge=1,
        le=1000,
        description="Versions of one report that stay for a partner though nobody asked to keep "
        "them, the newest; of all its reports together 1,000.",
    )

    keys_believed: int = Field(
        default=5,
        ge=0,
        le=60,
        description="For how many seconds a key or token that was looked up is believed: a "
        "revoked key is good for so long at most.",
    )
    token_jwks: str | None = Field(
        default=None,
        description="The public keys that tokens are checked with: a file, or an https address "
        "(JWKS). Without it no tokens are taken.",
    )
    token_issuer: str = Field(default="jiangpu", description="The `iss` that tokens must have.")
    token_audience: str = Field(default="jiangpu", description="The `aud` that tokens must have.")

    @field_validator("token_jwks")
    @classmethod
    def file_or_https(cls, given: str | None) -> str | None:
        if given is not None and "://" in given and not given.startswith("https://"):
            raise ValueError("is a file or an https address.")
        return given

    introspection: bool = Field(
        default=True, description="Whether clients may ask for the schema itself."
    )
    limit_body: int = Field(default=1_000_000, ge=1, description="Bytes of a request's body.")
    limit_json_depth: int = Field(
        default=32,
        ge=1,
        description="How deep objects and lists may be nested, in JSON and in queries.",
    )
    limit_query: int = Field(default=100_000, ge=1, description="Bytes of the query.")
    limit_tokens: int = Field(default=2_000, ge=1, description="Tokens of the query.")
    limit_operations: int = Field(default=10, ge=1, description="Operations in one query.")
    limit_variables: int = Field(default=100, ge=1, description="Variables of one request.")
    limit_string: int = Field(
        default=10_000,
        ge=1,
        description="Bytes of any one text but the query.",
    )
    limit_filter: int = Field(
        default=500,
        ge=1,
        description="Values of one filter, order or other argument made of objects; objects and "
        "lists count, also empty ones.",
    )
    limit_entries: int = Field(default=1_000, ge=1, description="Entries of one list that is sent.")
    limit_values: int = Field(
        default=2_000, ge=1, description="Values of all variables and arguments of a request."
    )
    limit_inputs: int = Field(
        default=50_000,
        ge=1,
        description="The same, of a mutation by a key that may write.",
    )
    limit_depth: int = Field(default=15, ge=1, description="How deep fields may be nested.")
    limit_introspection_depth: int = Field(
        default=20,
        ge=1,
        description="The same, in introspection.",
    )
    limit_aliases: int = Field(
        default=30,
        ge=1,
        description="Aliases of a query, and fields that it asks for twice in one place.",
    )
    limit_directives: int = Field(default=20, ge=1, description="Directives of a query.")
    limit_root_fields: int = Field(default=20, ge=1, description="Fields at the root of a query.")
    limit_mutation_fields: int = Field(
        default=5, ge=1, description="Fields at the root of a mutation."
    )
    limit_page: int = Field(
        default=100,
        ge=1,
        le=100,
        description="Records, groups or ids that one list may be asked for at once. "
        "Never more than 100.",
    )
    limit_cost: int = Field(
        default=50_000,
        ge=1,
        description="Nodes that a request may ask for, all its pages multiplied out "
        "([how](docs/limits.md)).",
    )
    limit_links: int = Field(
        default=200,
        ge=1,
        le=10_000,
        description="Links of one record, of one kind, along which collaborators are looked for; "
        "one that has more is cut, and the answer says so ([how](docs/collaborators.md)).",
    )

    @field_validator("database_url")
    @classmethod
    def known_database(cls, given: str | None) -> str | None:
        if given is None:
            return None
        try:
            url = make_url(given)
        except (ArgumentError, ValueError):
            raise ValueError(ACCEPTED) from None
        backend = url.get_backend_name()
        if url.query.get("pooling", "transaction") != "transaction":
            raise ValueError("`pooling` can only be `transaction`.")
        if backend not in {"sqlite", "postgresql"} or (backend == "sqlite" and not url.database):
            raise ValueError(ACCEPTED)
        return given

    @field_validator("redis_url")
    @classmethod
    def known_store(cls, given: str | None) -> str | None:
        if given is not None and not given.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("names no Redis: redis://host:6379/0 is accepted.")
        return given

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{EMBEDDED}"

    @property
    def sealing(self) -> dict[str, str]:
        """What the two settings of keys hold, by their names."""
        given = {
            "PERSONAL_KEYS": self.personal_keys,
            "PERSONAL_INDEX_KEYS": self.personal_index_keys,
        }
        return {name: one.get_secret_value() if one else "" for name, one in given.items()}

    @property
    def sealing_file(self) -> Path | None:
        """Where the embedded registry keeps keys of its own."""
        return EMBEDDED_KEYS if self.embedded else None

    @property
    def embedded(self) -> bool:
        return self.database_url is None


def read_settings() -> Settings:
    """Raises WrongSetting with the name of the setting and what is accepted."""
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for one in error.errors():
            name = "_".join(str(part) for part in one["loc"]).upper()
            message = one["msg"].removeprefix("Value error, ")
            lines.append(f"{name}: {message}" if name else message)
        raise WrongSetting("; ".join(lines)) from None


def language_of_messages() -> str:
    """zh or en. As POSIX has it: the first of these that says anything; en unless it is Chinese."""
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    chosen = next((name for name in names if name), "")
    return "zh" if chosen.lower().startswith("zh") else "en"
