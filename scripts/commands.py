"""Writes docs/commands.md and docs/commands.zh.md from the declarations in commands/declared."""

from collections.abc import Iterator
from pathlib import Path

import click

from cli import CLI
from commands.declaring import LANGUAGE_KEY, Described
from kit.i18n import Language, Message

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {Language.ENGLISH: DOCS / "commands.md", Language.CHINESE: DOCS / "commands.zh.md"}
HEAD = Message(
    """\
# Commands

[中文](commands.zh.md)

Run them in the project's environment: `.venv/bin/python cli.py …`. They exit with 0, with 1 if the
work failed, with 2 if the words are no command. Messages are in Chinese if the locale is (`LC_ALL`,
`LC_MESSAGES`, `LANG`), else in English. `make commands` writes this page from `commands/declared/`.
""",
    """\
# 命令

[English](commands.md)

在项目环境中运行：`.venv/bin/python cli.py …`。退出码为 0；执行失败为 1；命令写法有误为 2。
系统区域为中文（`LC_ALL`、`LC_MESSAGES`、`LANG`）时以中文显示，否则以英文显示。
本页由 `make commands` 根据 `commands/declared/` 生成。
""",
)
COLUMNS = Message("| option | what it is |", "| 选项 | 说明 |")


def sections(context: click.Context, language: Language) -> Iterator[str]:
    """Yield a section for each command below that of `context`, subcommands after their group."""
    assert isinstance(context.command, click.Group)
    for name, command in context.command.commands.items():
        assert isinstance(command, Described)
        below = click.Context(command, info_name=name, parent=context)
        with below.scope(cleanup=False):
            yield section(below, command, language)
            if isinstance(command, click.Group):
                yield from sections(below, language)


def section(context: click.Context, command: Described, language: Language) -> str:
    path = context.command_path
    heading = "#" * (path.count(" ") + 1)
    lines = [f"{heading} {path.partition(' ')[2]}", "", command.description.said(language)]
    if not isinstance(command, click.Group):
        usage = " ".join(command.collect_usage_pieces(context))
        lines += ["", "```", f"{path} {usage}", "```"]
    if rows := [row for param in command.params if (row := param.get_help_record(context))]:
        lines += ["", COLUMNS.said(language), "|---|---|"]
        lines += [f"| `{name.replace('|', chr(92) + '|')}` | {text} |" for name, text in rows]
    return "\n".join(lines) + "\n"


def written(language: Language) -> str:
    context = click.Context(CLI, info_name="cli.py")
    context.meta[LANGUAGE_KEY] = language
    with context.scope(cleanup=False):
        return "\n".join([HEAD.said(language), *sections(context, language)])


if __name__ == "__main__":
    for language, page in PAGES.items():
        page.write_text(written(language), "utf-8", newline="\n")
