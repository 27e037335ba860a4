"""Every setting, read from the environment here and nowhere else."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
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
        description="Address to listen on. Loopback only, until access control exists.",
    )
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    database_url: str | None = Field(
        default=None,
        description="`postgresql://user@host/name` or `sqlite:///path`. Without it: an embedded "
        "SQLite file, `var/registry.db`, with the example records.",
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="How log lines look; auto: text on a terminal, else JSON."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least level that is logged."
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

    @model_validator(mode="after")
    def only_loopback(self) -> Self:
        if self.host != "localhost" and not is_loopback(self.host):
            raise ValueError(
                f"HOST is {self.host}: until access control exists the service listens on "
                "127.0.0.1, ::1 or localhost only, because everybody who reaches it sees all."
            )
        return self

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
        if backend not in {"sqlite", "postgresql"} or (backend == "sqlite" and not url.database):
            raise ValueError(ACCEPTED)
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


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


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
