"""Commands whose help is in both languages, and whose work is imported when they run.

A declaration imports nothing of the registry, so that `--help` is there at once.
"""

import gc
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import Any, cast

import click

from kit.i18n import Language, Message, system_language

LANGUAGE_KEY = "language"  # in the context's meta: the language set for a command
WIDTHS = {Language.ENGLISH: 100, Language.CHINESE: 60}  # a Chinese character takes two columns
USAGE = Message("Usage: ", "用法：")
ERROR = Message("Error: ", "错误：")
HELP = Message("Show this message.", "显示本帮助。")
ARGUMENTS, OPTIONS = Message("Arguments", "参数"), Message("Options", "选项")
COMMANDS = Message("Commands", "命令")
REQUIRED = Message("[required]", "［必填］")


class WrongValue(Exception):
    """A word that an option or argument doesn't take."""

    def __init__(self, english: str, chinese: str) -> None:
        super().__init__(english)
        self.sentence = Message(english, chinese)


def chosen_language() -> Language:
    """Return the language of all that is said: as `--language` says, else that of the locale."""
    context = click.get_current_context(silent=True)
    chosen: Language | None = context.meta.get(LANGUAGE_KEY) if context else None
    return chosen or system_language()


def load_function(place: str) -> Callable[..., Any]:
    """Import a function that is named as `module:function`."""
    module, _, name = place.partition(":")
    return cast(Callable[..., Any], getattr(import_module(module), name))


class Parsed(click.ParamType[Any]):
    """A type that a function reads from text. It raises WrongValue for any other text.

    Name the function as `module:function` if it imports the registry.
    """

    name = "text"

    def __init__(self, parse: Callable[[str], Any] | str) -> None:
        self.parse = parse

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if not isinstance(value, str):
            return value
        parse = load_function(self.parse) if isinstance(self.parse, str) else self.parse
        try:
            return parse(value)
        except WrongValue as error:
            self.fail(error.sentence.said(chosen_language()), param, ctx)


class ChoiceOf(Parsed):
    """One of some words, as in `[zh|en]`."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(self.check)
        self.words = words

    def get_metavar(self, param: Any, ctx: Any) -> str:
        return f"[{'|'.join(self.words)}]"

    def check(self, word: str) -> str:
        if word not in self.words:
            known = ", ".join(self.words)
            raise WrongValue(f"{word!r} is none of {known}.", f"{word!r} 不是下列之一：{known}。")
        return word


def read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongValue(
            f"{text!r} is no day such as 2026-01-31.", f"{text!r} 不是日期，写法如 2026-01-31。"
        ) from None


def read_positive_integer(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise WrongValue(f"{text!r} is no whole number from 1 on.", f"{text!r} 不是从 1 起的整数。")
    return int(text)


def read_integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise WrongValue(f"{text!r} is not a whole number.", f"{text!r} 不是整数。") from None


class Option(click.Option):
    def __init__(self, *names: str, description: Message, **settings: Any) -> None:
        super().__init__(names, **settings)
        self.description = description

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        name = cast(tuple[str, str], super().get_help_record(ctx))[0]
        text = self.description.said(chosen_language())
        return name, f"{text} {REQUIRED.said(chosen_language())}" if self.required else text


class Argument(click.Argument):
    def __init__(self, name: str, description: Message, metavar: str, **settings: Any) -> None:
        super().__init__([name], metavar=metavar, **settings)
        self.description = description

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        return self.make_metavar(ctx), self.description.said(chosen_language())


class Described(click.Command):
    """The shared parts of commands and groups of commands: help, in the reader's language."""

    description: Message

    def get_short_help_str(self, limit: int = 45) -> str:
        return self.description.said(chosen_language())

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, USAGE.said(chosen_language()))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(self.description.said(chosen_language()))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_params(ctx, formatter, ARGUMENTS, click.Argument)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_params(ctx, formatter, OPTIONS, click.Option)

    def format_params(
        self,
        ctx: click.Context,
        formatter: click.HelpFormatter,
        heading: Message,
        kind: type[click.Parameter],
    ) -> None:
        params = [param for param in self.get_params(ctx) if isinstance(param, kind)]
        rows = [row for param in params if (row := param.get_help_record(ctx))]
        if rows:
            with formatter.section(heading.said(chosen_language())):
                formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = HELP.said(chosen_language())
        return option


class Command(Described):
    """A command. `work` is its function as `module:function`, which takes the parameters by name.

    Exactly one of the parameters in `exactly_one` is required.
    """

    def __init__(
        self,
        name: str,
        description: Message,
        work: str,
        *params: click.Parameter,
        exactly_one: Sequence[str] = (),
    ) -> None:
        super().__init__(
            name,
            params=list(params),
            callback=self.run,
            context_settings={"allow_extra_args": True},  # `parse_args` refuses them
        )
        self.description, self.work, self.exactly_one = description, work, exactly_one

    def run(self, **values: Any) -> None:
        gc.disable()  # it would take a quarter of the time of the imports
        try:
            work = load_function(self.work)
        finally:
            gc.enable()
        work(**values)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest = super().parse_args(ctx, args)
        if rest:
            more = " ".join(rest)
            ctx.fail(Message(f"{more}: too much.", f"多余的参数：{more}。").said(chosen_language()))
        if self.exactly_one and sum(bool(ctx.params[name]) for name in self.exactly_one) != 1:
            flags = [param.opts[0] for param in self.params if param.name in self.exactly_one]
            english, chinese = " or ".join(flags), " 或 ".join(flags)
            sentence = Message(f"Say either {english}.", f"{chinese} 须给出其一，且只能给出其一。")
            ctx.fail(sentence.said(chosen_language()))
        return rest


class CommandGroup(Described, click.Group):
    """Commands under one name, in the order of their declaration."""

    def __init__(self, name: str, description: Message, *commands: click.Command) -> None:
        super().__init__(name, commands=list(commands), subcommand_metavar="COMMAND …")
        self.description = description

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [(name, one.get_short_help_str()) for name, one in self.commands.items()]
        with formatter.section(COMMANDS.said(chosen_language())):
            formatter.write_dl(rows)


def usage_error_message(error: click.UsageError) -> Message:
    """Return what is wrong with the words of a command, in both languages."""
    english = error.format_message()
    param = getattr(error, "param", None)
    hint = param.get_error_hint(error.ctx) if param else ""
    match error:
        case click.MissingParameter():
            return Message(english, f"缺少 {hint}。")
        case click.BadParameter():
            return Message(english, f"{hint} 的值无效：{error.message}")
        case click.NoSuchOption():
            return Message(english, f"没有选项 {error.option_name}。")
        case click.exceptions.NoSuchCommand():
            return Message(english, f"没有命令 {error.command_name}。")
        case click.BadOptionUsage():
            return Message(english, f"选项 {error.option_name} 缺少值，或不应带值。")
    return Message(english, english)


def usage_error_text(error: click.UsageError) -> str:
    """Return the usage line and what is wrong; the help, if there are no words at all."""
    language = chosen_language()
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    sentence = f"{ERROR.said(language)}{usage_error_message(error).said(language)}"
    if error.ctx is None:
        return sentence
    path = error.ctx.command_path
    hint = Message(f"Try '{path} --help'.", f"请见 '{path} --help'。").said(language)
    return f"{error.ctx.get_usage()}\n{hint}\n\n{sentence}"
