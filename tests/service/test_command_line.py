"""The command line's declarations: help at once and in both languages, and the work behind each."""

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import cli
from commands.declared.partners import FORMATS, ROLES
from commands.declared.personal import BASES, FIELD_GROUPS
from commands.declaring import Command, CommandGroup, load_function
from kit.i18n import Language
from models.partner import Role
from models.personal import Basis, FieldGroup
from reports.arguments import REPORT_ARGUMENTS
from reports.definitions import REPORTS
from reports.service import FORMATS as WRITTEN_FORMATS
from scripts import commands as pages
from tests.support.commands import RunCli, table_row_counts, write_files
from tests.support.graph import run_async

ROOT = Path(__file__).parent.parent.parent
CHINESE = re.compile("[\u4e00-\u9fff]")
# Packages that take long to import: a help text needs none of them.
SLOW = [
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "strawberry",
    "graphql",
    "asyncpg",
    "stdnum",
    "schema",
]
ALL_HELP = """
import json, sys
import cli
for words in json.loads(sys.argv[1]):
    try:
        cli.main([*words, "--help"])
    except SystemExit as end:
        assert end.code == 0
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def commands(
    group: click.Group = cli.CLI, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield words, group
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


COMMANDS = dict(commands())


@pytest.mark.parametrize("locale", ["zh_CN.UTF-8", "en_US.UTF-8"])
def test_help_of_all_commands_imports_no_part_of_the_registry(locale: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALL_HELP, json.dumps([*COMMANDS])],
        cwd=ROOT,
        env={"LC_ALL": locale},
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    imported = json.loads(done.stderr)
    assert not [name for name in SLOW if name in imported]
    assert done.stdout.count("--help") == len(COMMANDS)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_each_help_is_in_the_language_of_the_locale(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {}
    for locale in ("C", "zh_CN.UTF-8"):
        monkeypatch.setenv("LC_ALL", locale)
        with pytest.raises(SystemExit) as end:
            cli.main([*words, "--help"])
        assert end.value.code == 0
        texts[locale] = capsys.readouterr().out
    assert not CHINESE.search(texts["C"].replace("匠谱", ""))
    assert texts["zh_CN.UTF-8"].startswith("用法：cli.py")
    # Each row has its Chinese.
    rows = re.findall(r"^  \S.*? {2,}(\S.*)$", texts["zh_CN.UTF-8"], re.MULTILINE)
    assert rows
    assert not [row for row in rows if not CHINESE.search(row)]


@pytest.mark.parametrize("words", [w for w, c in COMMANDS.items() if isinstance(c, Command)])
def test_each_command_has_its_work(words: tuple[str, ...]) -> None:
    command = COMMANDS[words]
    assert isinstance(command, Command)
    taken = inspect.signature(load_function(command.work)).parameters
    declared = {param.name for param in command.params if param.expose_value}
    if "options" in taken:  # of reports: `make_report` takes the rest by name
        taken = inspect.signature(load_function("commands.report:make_report")).parameters
        [_, report] = words
        declared = declared - {argument.name for argument in REPORT_ARGUMENTS[report]}
        declared |= {"name", "options"}
    assert declared == {*taken}


def test_words_that_stand_here_for_speed_are_those_of_the_registry() -> None:
    assert [*ROLES] == [role.value for role in Role]
    assert [*FIELD_GROUPS] == [group.value for group in FieldGroup]
    assert [*BASES] == [basis.value for basis in Basis]
    assert FORMATS == WRITTEN_FORMATS
    assert [*REPORT_ARGUMENTS] == [*REPORTS]


@pytest.mark.parametrize(("words", "english", "chinese"), [
    ("nothing", "No such command 'nothing'.", "没有命令 nothing。"),
    ("load", "Missing argument 'FOLDER'.", "缺少 'FOLDER'。"),
    ("load a b", "b: too much.", "多余的参数：b。"),
    ("load a --foo", "No such option '--foo'.", "没有选项 --foo。"),
    ("generate --workers", "Option '--workers' requires an argument.",
     "选项 --workers 缺少值，或不应带值。"),
    ("generate --seed x", "Invalid value for '--seed': 'x' is not a whole number.",
     "'--seed' 的值无效：'x' 不是整数。"),
    ("report drop --before May", "Invalid value for '--before': 'May' is no day such as "
     "2026-01-31.", "'--before' 的值无效：'May' 不是日期，写法如 2026-01-31。"),
    ("load a --language fr", "Invalid value for '--language': 'fr' is none of zh, en.",
     "'--language' 的值无效：'fr' 不是下列之一：zh, en。"),
    ("personal redact w --replacement x", "Say either --in or --everywhere.",
     "--in 或 --everywhere 须给出其一，且只能给出其一。"),
    ("personal redact w --replacement x --in a/b --everywhere", "Say either --in or --everywhere.",
     "--in 或 --everywhere 须给出其一，且只能给出其一。"),
    ("token issue x --minutes 9999", "Invalid value for '--minutes': '9999': a token is good for 1 "
     "to 15 minutes.", "'--minutes' 的值无效：'9999'：令牌有效期为 1 至 15 分钟。"),
])  # fmt: skip
def test_wrong_words_are_refused_in_the_language_of_the_locale(
    words: str,
    english: str,
    chinese: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for locale, sentence in (("C", f"Error: {english}"), ("zh_CN.UTF-8", f"错误：{chinese}")):
        monkeypatch.setenv("LC_ALL", locale)
        with pytest.raises(SystemExit) as end:
            cli.main(words.split())
        assert end.value.code == 2
        printed, said = capsys.readouterr()
        assert (printed, said.splitlines()[-1]) == ("", sentence)


def test_a_group_without_a_command_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["personal"], ["personal", "basis"]):
        with pytest.raises(SystemExit) as end:
            cli.main(words)
        printed, said = capsys.readouterr()
        assert (end.value.code, printed) == (2, "")
        assert "Commands:" in said
    assert isinstance(cli.CLI, CommandGroup)


def test_personal_data_is_entered_and_refused_in_chinese(
    run_cli: RunCli, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    write_files(tmp_path, people="worker,phone\n" + "nobody,13800000000\n", bad="name\n甲\n")
    before = run_async(table_row_counts(url))
    words = ("personal", "import", str(tmp_path / "people.csv"), "--for", "nobody")
    code, said = run_cli(url, *words)
    assert code == 1
    assert all(CHINESE.search(line) for line in said), said
    code, said = run_cli(url, "partner", "enable", "nobody")
    assert (code, said) == (
        1, ["没有合作方 'nobody'：'python cli.py partner list' 列出已有的。"]
    )  # fmt: skip
    code, said = run_cli("nonsense", "migrate")
    assert (code, said) == (1, [
        "DATABASE_URL：未指明数据库：须为 postgresql://user@host/name 或 sqlite:///path。"
    ])  # fmt: skip
    assert run_async(table_row_counts(url)) == before


def test_a_wrong_setting_is_told_in_chinese(
    run_cli: RunCli, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("PORT", "99999")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    assert run_cli(url, "migrate") == (1, [
        "PORT：须不大于 65535；LOG_LEVEL：须为下列之一：'debug', 'info', 'warning' or 'error'。"
    ])  # fmt: skip


@pytest.mark.parametrize("language", Language)
def test_the_pages_are_current(language: Language) -> None:
    page = pages.PAGES[language].read_text("utf-8")
    assert page == pages.written(language), "Run 'make commands'."
