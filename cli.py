"""The command line of the registry: `python cli.py --help`."""

import sys
from typing import Any

import click

from commands.declared import partners, personal, registry
from commands.declaring import WIDTHS, CommandGroup, chosen_language, usage_error_text
from kit.i18n import Message

CLI = CommandGroup(
    "cli.py",
    Message("匠谱, the talent registry.", "匠谱：技能人才登记簿。"),
    *(registry.SERVE, registry.EMBED, registry.MIGRATE, registry.LOAD, registry.EXPORT),
    *(registry.BACKUP, registry.RESTORE, registry.REVISION, registry.SCHEMA, registry.EXPLAIN),
    *(registry.GENERATE, partners.PARTNER, partners.KEY, partners.TOKEN, personal.PERSONAL),
    *(personal.LOG, partners.REPORT, registry.VERIFY),
)


def main(words: list[str] | None = None) -> int:
    """Run a command. Return 0, or 1 after a message that says what to do.

    Raises SystemExit after a help text (0), and for words that are no command (2).
    """
    words = sys.argv[1:] if words is None else words
    settings: dict[str, Any] = {
        "help_option_names": ["-h", "--help"],
        "max_content_width": WIDTHS[chosen_language()],
    }
    try:
        with CLI.make_context("cli.py", words, **settings) as context:
            return run(context)
    except click.UsageError as error:
        with error.ctx or click.Context(CLI):
            click.echo(usage_error_text(error), err=True)
        raise SystemExit(error.exit_code) from None
    except click.exceptions.Exit as end:
        raise SystemExit(end.exit_code) from None


def run(context: click.Context) -> int:
    try:
        CLI.invoke(context)
    except (click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        from commands.failures import failure_text

        sentence = failure_text(error, chosen_language())
        if sentence is None:
            raise
        click.echo(sentence, err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
