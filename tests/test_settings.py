"""Settings: where they are read, what is refused, and that the README lists them all."""

import ast
import re
from pathlib import Path

import pytest

from settings import Settings, WrongSetting, read_settings

ROOT = Path(__file__).parent.parent
PACKAGES = [
    "kit", "engine", "models", "resolvers", "schema", "feeds", "web", "generator", "commands",
]  # fmt: skip
NO_READERS = [
    ROOT / "server.py",
    ROOT / "cli.py",
    *(path for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))),
]
OF_THE_ENVIRONMENT = {"environ", "environb", "getenv", "getenvb"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_the_readme_lists_every_setting_with_its_default() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \| .+ \|$", text, re.MULTILINE)
    defaults = {field: info.default for field, info in Settings.model_fields.items()}
    assert [(setting, default.strip("`")) for setting, default in rows] == [
        (field.upper(), "—" if default is None else str(default))
        for field, default in defaults.items()
    ]


def test_the_readme_says_of_a_setting_what_the_code_says() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| .+? \| (.+) \|$", text, re.MULTILINE))
    assert rows == {
        field.upper(): info.description for field, info in Settings.model_fields.items()
    }


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


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_may_be_listened_to(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HOST", host)
    assert read_settings().host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "registry.example", "127.0.0.1 "])
def test_others_may_not_be_listened_to(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("HOST", host)
    with pytest.raises(WrongSetting, match=f"^HOST is {host}: "):
        read_settings()


@pytest.mark.parametrize(("name", "value"), [
    ("PORT", "abc"), ("PORT", "-1"), ("PORT", "65536"), ("PORT", "80.5"), ("LOG_FORMAT", "xml"),
    ("LOG_FORMAT", "JSON"), ("LOG_LEVEL", "loud"),
])  # fmt: skip
def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting) as wrong:
        read_settings()
    assert str(wrong.value).startswith(f"{name}: ")
    assert value not in str(wrong.value)


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "LOG_LEVEL"):
        monkeypatch.setenv(name, "x")
    with pytest.raises(WrongSetting, match=r"^PORT: [^;]+; LOG_LEVEL: [^;]+$"):
        read_settings()
