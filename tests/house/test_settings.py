"""Settings: where they are read, what is refused, and that docs/configuration.md has them all."""

import ast
import re
from pathlib import Path

import pytest

from scripts import configuration
from settings import GROUPS, InvalidSetting, Settings, read_settings

ROOT = Path(__file__).parent.parent.parent
CHINESE = ROOT / "docs" / "configuration.zh.md"
PACKAGES = [
    "kit", "engine", "models", "resolvers", "schema", "execution", "feeds", "web", "generator",
    "commands",
]  # fmt: skip
NO_READERS = [
    ROOT / "server.py",
    ROOT / "cli.py",
    *(path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))),
]
# The locale is read here: the command line needs it before it may import the settings.
NO_READERS.remove(ROOT / "kit" / "i18n.py")
OF_THE_ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_page_is_current() -> None:
    assert configuration.PAGE.read_text("utf-8") == configuration.written(), "Run 'make settings'."


def test_every_setting_is_in_one_group() -> None:
    grouped = [name for group in GROUPS for name in group.model_fields]
    assert grouped == [*Settings.model_fields]
    assert all(field.description for field in Settings.model_fields.values())


def test_the_chinese_page_has_the_same_groups_settings_and_defaults() -> None:
    english, chinese = (
        re.findall(
            r"^## ([A-Z][a-z]+(?: [a-z]+)?)|^\| `([A-Z_]+)` \| (\S+) \| .", text, re.MULTILINE
        )
        for text in (configuration.PAGE.read_text("utf-8"), CHINESE.read_text("utf-8"))
    )
    assert len(english) == len(GROUPS) + len(Settings.model_fields)
    assert chinese == english


@pytest.mark.parametrize("path", NO_READERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_settings_read_the_environment(path: Path) -> None:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute | ast.Name):
            found.append(node.attr if isinstance(node, ast.Attribute) else node.id)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            found += [alias.name for alias in node.names]
    assert OF_THE_ENVIRONMENT.isdisjoint(found)


def test_nothing_set_is_the_embedded_registry_on_this_machine() -> None:
    found = read_settings()
    assert found.embedded
    assert (found.url, found.host, found.port) == ("sqlite:///var/registry.db", "127.0.0.1", 8000)


def test_what_is_set_to_nothing_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), "")
    assert read_settings() == Settings.model_construct()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "0.0.0.0", "192.168.0.1"])
def test_any_address_may_be_listened_to(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HOST", host)
    assert read_settings().host == host


@pytest.mark.parametrize(("name", "value"), [
    ("PORT", "abc"), ("PORT", "-1"), ("PORT", "65536"), ("PORT", "80.5"), ("LOG_FORMAT", "xml"),
    ("LOG_FORMAT", "JSON"), ("LOG_LEVEL", "loud"), ("KEYS_BELIEVED", "61"),
    ("TOKEN_JWKS", "http://issuer.example/jwks"), ("TOKEN_JWKS", "file:///jwks.json"),
    ("REQUEST_SECONDS", "-3"),
    ("STATEMENT_SECONDS", "long"), ("CONCURRENT_QUERIES", "-3"), ("REDIS_URL", "http://x"),
])  # fmt: skip
def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidSetting) as wrong:
        read_settings()
    assert str(wrong.value).startswith(f"{name}: ")
    assert value not in str(wrong.value)


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "LOG_LEVEL"):
        monkeypatch.setenv(name, "x")
    with pytest.raises(InvalidSetting, match=r"^PORT: [^;]+; LOG_LEVEL: [^;]+$"):
        read_settings()
