"""Runs proselint, with some of its checks and ours, over all prose of the project at once."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from proselint.checks import __register__ as own_checks
from proselint.registry import CheckRegistry
from proselint.registry.checks import Check, CheckFlags, CheckResult
from proselint.registry.checks.engine import Fancy, RegexOptions
from proselint.registry.checks.types import ExistenceSimple, PreferredForms
from proselint.tools import LintFile

from scripts.prose.texts import Text, page_texts, python_messages, python_prose, sdl_descriptions

ROOT = Path(__file__).parent.parent.parent
RULES = tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))
MAX_PROBLEMS = 10_000
SENTENCE = re.compile(r"(?:[^.!?。\n]|[.!?](?!\s)|\n(?!\n))+")
WORD = re.compile(r"[A-Za-z0-9'-]+")
ANYWHERE = CheckFlags(allow_quotes=True)
CASE_SENSITIVE = Fancy(RegexOptions(case_insensitive=False))


def long_sentences(text: str, check: Check) -> Iterator[CheckResult]:
    for sentence in SENTENCE.finditer(text):
        words = len(WORD.findall(sentence[0]))
        if words > RULES["max_sentence_words"]:
            start = sentence.end() - len(sentence[0].lstrip())
            span = (start, sentence.end())
            yield CheckResult(check.path, check.message.format(words), span, None)


def opening_pattern(openings: Iterable[str]) -> str:
    """Match these words at the start of a sentence, if it isn't a question."""
    start = r"(?:(?<=\n\n)|(?<=[.!?]\s))"
    return rf"{start}(?:{'|'.join(openings)})\b(?!(?:[^.!?\n]|\n(?!\n))*\?)"


CHECKS = (
    Check(
        PreferredForms(RULES["words"]), Fancy(), "ours.words",
        "'{1}': better {0}.", ANYWHERE,
    ),
    Check(
        ExistenceSimple(opening_pattern(RULES["openings"])), CASE_SENSITIVE, "ours.openings",
        "'{}': begin with a noun or a verb.", ANYWHERE,
    ),
    Check(
        long_sentences, CASE_SENSITIVE, "messages.length",
        "{} words: make two sentences.", ANYWHERE,
    ),
)  # fmt: skip
CheckRegistry().register_many((*own_checks, *CHECKS))


def check_texts(texts: Iterable[Text], checks: Iterable[str]) -> list[str]:
    """Check all texts as one file, which is much faster than a file for each."""
    lines = [""]
    origins = [("", 0)]
    for text in texts:
        for number, line in enumerate([*text.text.strip().split("\n"), ""]):
            lines.append(line)
            origins.append((text.path, text.line + number))
    if len(lines) == 1:
        return []
    results = LintFile("all", "\n".join(lines)).lint(
        {"max_errors": MAX_PROBLEMS, "checks": dict.fromkeys(checks, True)}
    )
    return [
        "{}:{}: {}".format(*origins[result.pos[0] - 1], result.check_result.message)
        for result in results
    ]


def default_paths() -> Iterator[Path]:
    """Yield all files with prose. Chinese pages are read by people only."""
    for pattern in RULES["files"]:
        for path in sorted(ROOT.glob(pattern)):
            if path.suffix in (".py", ".md", ".graphql") and ".zh." not in path.name:
                yield path


def lint(paths: Iterable[Path] = ()) -> list[str]:
    prose: list[Text] = []
    messages: list[Text] = []
    for path in [one.resolve() for one in paths] or default_paths():
        name, source = path.relative_to(ROOT).as_posix(), path.read_text("utf-8")
        match path.suffix:
            case ".graphql":
                messages += sdl_descriptions(name, source)
            case ".py":
                messages += python_messages(name, source)
                prose += python_prose(name, source)
            case _:
                prose += page_texts(name, source)
    checks = [*RULES["own"], "ours"]
    return check_texts(prose, checks) + check_texts(messages, [*checks, "messages"])
