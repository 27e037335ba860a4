"""Every setting. No other module reads the environment.

There are eight groups. `make settings` prints them into docs/configuration.md: the docstring of a
group is its introduction there, and links are relative to that page.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from kit.i18n import Message

EMBEDDED_DATABASE = Path("var/registry.db")
EMBEDDED_KEY_FILE = Path("var/personal.keys")
DATABASE_URL_RULE = Message(
    "names no database: postgresql://user@host/name or sqlite:///path is accepted.",
    "未指明数据库：须为 postgresql://user@host/name 或 sqlite:///path。",
)


class InvalidSetting(Exception):
    """An invalid setting, with a message for the person who starts the service."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.sentence = Message(english, chinese)


class UnusableValue(ValueError):
    """A value that a rule of ours refuses."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.chinese = chinese


# pydantic's refusals by type; those that are missing stay in English.
REFUSALS_ZH = {
    "int_parsing": "须为整数。",
    "float_parsing": "须为数。",
    "bool_parsing": "须为 true 或 false。",
    "greater_than": "须大于 {gt}。",
    "greater_than_equal": "须不小于 {ge}。",
    "less_than_equal": "须不大于 {le}。",
    "literal_error": "须为下列之一：{expected}。",
}


def at_least_one(default: int, description: str, most: int | None = None) -> Any:
    return Field(default=default, ge=1, le=most, description=description)


def seconds(default: float, description: str, most: float | None = None) -> Any:
    return Field(default=default, gt=0, le=most, description=description)


def years(default: int, description: str) -> Any:
    return Field(default=default, ge=0, le=100, description=description)


class Server(BaseSettings):
    """Where the service listens, and how many clients it serves at once."""

    host: str = Field(
        default="127.0.0.1",
        description="Address to listen on. The default serves this machine alone. Put a proxy "
        "that speaks TLS before the service ([deploy](../deploy/README.md)).",
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    forwarded_allow_ips: str = Field(
        default="127.0.0.1",
        description="Addresses of trusted reverse proxies, separated by commas. "
        "`X-Forwarded-For` is believed from these alone.",
    )
    connections: int = at_least_one(
        900,
        "Open HTTP connections. A request on a further one is answered with 503. Keep it below "
        "the limit of open files (`ulimit -n`).",
    )
    concurrent_queries: int = at_least_one(
        32,
        "Queries that run at once. A further one waits for `POOL_SECONDS` at most, and is then "
        "answered with 503.",
    )
    introspection: bool = Field(
        default=True, description="Whether clients may query the schema itself."
    )


class Database(BaseSettings):
    """The database of the records. Two databases are supported ([which and why](databases.md)).

    With `DATABASE_URL` set, the registry starts empty ([first steps](running.md#first-steps)).
    """

    database_url: str | None = Field(
        default=None,
        description="`postgresql://user@host/name` or `sqlite:///path`. The default is an "
        "embedded SQLite file, `var/registry.db`, with the example records. Behind a proxy that "
        "pools transactions, such as pgbouncer, add `?pooling=transaction`.",
    )
    keep_reports: int = at_least_one(
        10,
        "Newest versions of one report that are kept for a partner without `keep=true`. At most "
        "1,000 reports are kept for a partner, the newest ones.",
        most=1000,
    )

    @field_validator("database_url")
    @classmethod
    def check_database_url(cls, given: str | None) -> str | None:
        if given is None:
            return None
        try:
            url = make_url(given)
        except (ArgumentError, ValueError):
            raise UnusableValue(*DATABASE_URL_RULE) from None
        backend = url.get_backend_name()
        if url.query.get("pooling", "transaction") != "transaction":
            raise UnusableValue(
                "`pooling` can only be `transaction`.", "`pooling` 只能为 `transaction`。"
            )
        if backend not in {"sqlite", "postgresql"} or (backend == "sqlite" and not url.database):
            raise UnusableValue(*DATABASE_URL_RULE)
        return given


class Timeouts(BaseSettings):
    """Limits in seconds, each with an error ([list](running.md#limits-while-a-question-runs))."""

    request_seconds: float = seconds(10, "Longest time for a request.")
    statement_seconds: float = seconds(5, "Longest time for one statement in the database.")
    lock_seconds: float = seconds(2, "Longest wait of a statement for a lock.")
    pool_seconds: float = seconds(
        3, "Longest wait of a request for its turn, or for a database connection."
    )
    connect_seconds: float = seconds(2, "Longest time to connect to the database.", most=60)
    body_seconds: float = seconds(10, "Longest time in which the body of a request arrives.")
    keep_alive_seconds: int = at_least_one(
        75,
        "How long an idle HTTP connection stays open. Set it above the time for which the reverse "
        "proxy keeps its connections.",
    )
    shutdown_seconds: int = at_least_one(10, "Time that running requests have after SIGTERM.")


class Limits(BaseSettings):
    """The most that one request may ask for. Refusals name their limit ([messages](limits.md))."""

    limit_body: int = at_least_one(1_000_000, "Bytes of the request body.")
    limit_json_depth: int = at_least_one(
        32, "Levels of nested objects and lists, in JSON and queries."
    )
    limit_query: int = at_least_one(100_000, "Bytes of the query.")
    limit_tokens: int = at_least_one(2_000, "Tokens of the query.")
    limit_operations: int = at_least_one(10, "Operations in one query.")
    limit_variables: int = at_least_one(100, "Variables of one request.")
    limit_string: int = at_least_one(10_000, "Bytes of any one text except the query.")
    limit_filter: int = at_least_one(
        500,
        "Values of one filter, order or other argument made of objects. Objects and lists count "
        "too, also empty ones.",
    )
    limit_entries: int = at_least_one(1_000, "Entries of one list that is sent.")
    limit_values: int = at_least_one(2_000, "Values of all variables and arguments of a request.")
    limit_inputs: int = at_least_one(
        50_000, "As `LIMIT_VALUES`, for a mutation by a key that may write."
    )
    limit_depth: int = at_least_one(15, "Levels of nested fields.")
    limit_introspection_depth: int = at_least_one(20, "Levels of nested fields in introspection.")
    limit_aliases: int = at_least_one(30, "Aliases, and fields that are repeated in one place.")
    limit_directives: int = at_least_one(20, "Directives of a query.")
    limit_root_fields: int = at_least_one(20, "Root fields of a query.")
    limit_mutation_fields: int = at_least_one(5, "Root fields of a mutation.")
    limit_page: int = at_least_one(
        100, "Records, groups or ids on one page of a list. 100 is the highest value.", most=100
    )
    limit_cost: int = at_least_one(
        50_000,
        "Nodes that a request may ask for, its page sizes multiplied out "
        "([how](limits.md#what-a-request-asks-for)).",
    )
    limit_links: int = at_least_one(
        200,
        "Links of one kind that the search for collaborators follows from one record. The answer "
        "names a record that has more ([how](collaborators.md#the-score)).",
        most=10_000,
    )


class Rates(BaseSettings):
    """Limits of one client in 60 s. Beyond the limit the response is 429.

    A point is a database row or 0.02 ms of work ([how](limits.md#what-a-request-is-charged)).
    """

    points_per_minute: int = at_least_one(1_000_000, "Points of one key or token in 60 s.")
    public_points_per_minute: int = at_least_one(300_000, "Points of one address without a key.")
    failures_per_minute: int = at_least_one(10, "Invalid keys or tokens from one address.")
    redis_url: str | None = Field(
        default=None,
        description="`redis://host:6379/0`, through which several processes count together. "
        "Without it each process counts by itself.",
    )

    @field_validator("redis_url")
    @classmethod
    def check_redis_url(cls, given: str | None) -> str | None:
        if given is not None and not given.startswith(("redis://", "rediss://", "unix://")):
            raise UnusableValue(
                "names no Redis: redis://host:6379/0 is accepted.",
                "未指明 Redis：写法如 redis://host:6379/0。",
            )
        return given


class PersonalData(BaseSettings):
    """Keys that encrypt personal data, and how long it is kept ([guide](personal.md))."""

    personal_keys: SecretStr | None = Field(
        default=None,
        description="Encryption keys: `id:key,id:key`, each of 32 bytes in base64. The first one "
        "encrypts, all decrypt. The embedded file makes its own. Without a key no personal data "
        "is stored.",
    )
    personal_index_keys: SecretStr | None = Field(
        default=None,
        description="Keys of the index that finds a number without decrypting it. The format is "
        "that of `PERSONAL_KEYS`, the keys must differ.",
    )
    keep_documents: int = years(3, "Years for document numbers, after the last spell of a worker.")
    keep_contact: int = years(3, "Years for phone numbers, likewise.")
    keep_birth: int = years(3, "Years for birth dates, likewise.")
    keep_study: int = years(3, "Years for student and certificate numbers, likewise.")


class Tokens(BaseSettings):
    """How keys and tokens of partners are checked ([guide](partners.md))."""

    keys_believed: int = Field(
        default=5,
        ge=0,
        le=60,
        description="Seconds for which a verified key or token is cached. A revoked key can work "
        "this much longer.",
    )
    token_jwks: str | None = Field(
        default=None,
        description="Public keys that verify tokens (JWKS): a file or an https address. Without "
        "it tokens are refused.",
    )
    token_issuer: str = Field(default="jiangpu", description="The `iss` that tokens must have.")
    token_audience: str = Field(default="jiangpu", description="The `aud` that tokens must have.")

    @field_validator("token_jwks")
    @classmethod
    def check_token_jwks(cls, given: str | None) -> str | None:
        if given is not None and "://" in given and not given.startswith("https://"):
            raise UnusableValue("is a file or an https address.", "须为文件或 https 地址。")
        return given


class Logging(BaseSettings):
    """Each request leaves one line: its id, operation, milliseconds, way and statements."""

    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="Format of log lines. `auto`: text on a terminal, else JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Lowest level that is logged."
    )


GROUPS: tuple[type[BaseSettings], ...] = (
    *(Server, Database, Timeouts, Limits),
    *(Rates, PersonalData, Tokens, Logging),
)


# In reverse order, as pydantic takes the fields of the last base first.
class Settings(Logging, Tokens, PersonalData, Rates, Limits, Timeouts, Database, Server):
    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore")

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{EMBEDDED_DATABASE}"

    @property
    def personal_key_settings(self) -> dict[str, str]:
        """The values of the two settings for keys, by name; "" if one isn't set."""
        given = {
            "PERSONAL_KEYS": self.personal_keys,
            "PERSONAL_INDEX_KEYS": self.personal_index_keys,
        }
        return {name: keys.get_secret_value() if keys else "" for name, keys in given.items()}

    @property
    def embedded_key_file(self) -> Path | None:
        """The file with the keys of the embedded registry; None with another database."""
        return EMBEDDED_KEY_FILE if self.embedded else None

    @property
    def embedded(self) -> bool:
        return self.database_url is None


def read_settings() -> Settings:
    """Read all settings. Raises InvalidSetting with the setting's name and the accepted values."""
    try:
        return Settings()
    except ValidationError as error:
        problems = [problem_message(problem) for problem in error.errors()]
        raise InvalidSetting(
            "; ".join(problem.english for problem in problems),
            f"{'；'.join(problem.chinese.rstrip('。') for problem in problems)}。",
        ) from None


def problem_message(problem: Any) -> Message:
    name = "_".join(str(part) for part in problem["loc"]).upper()
    english, values = problem["msg"].removeprefix("Value error, "), problem.get("ctx", {})
    refusal = REFUSALS_ZH.get(problem["type"], english)
    chinese = getattr(values.get("error"), "chinese", None) or refusal.format_map(values)
    return (
        Message(f"{name}: {english}", f"{name}：{chinese}") if name else Message(english, chinese)
    )
