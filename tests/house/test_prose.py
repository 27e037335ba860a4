"""The linter of prose reads docstrings, comments, messages, descriptions and pages."""

from pathlib import Path

import pytest

from scripts.prose import lint
from scripts.prose.lint import lint as run_lint

LONG = " ".join(["word"] * 36)
MODULE = f'''"""Whoever asks is told."""
TEXT = "one"  # somebody else
SENT = f"`{{TEXT}}` is asked for."
SQL = "SELECT name FROM nobody WHERE it is given"
LONG = "The message has {LONG}."


def first() -> None:
    """Return the first.

    Code of an example isn't prose:

        told(nobody)
    """
'''
SDL = f'''"""
Name. Of several names, the first. 名称
"""
type Query {{
  "A description with {LONG}."
  name: String
}}
'''
PAGE = """# What it is

- Records of a region. Those are
  told `nobody` ([somebody](page.md)).
- What is it?

| a cell | it lies here |
|---|---|

```
Whoever is told in code
```
"""
FOUND = {
    "module.py": [
        "1: 'told': better shown, returned, reported.",
        "1: 'Whoever': better the noun: the client, the operator.",
        "1: 'Whoever': begin with a noun or a verb.",
        "2: 'somebody': better the noun: a client, a person, an editor.",
        "3: 'asked': better queried, requested, sent.",
        "5: 39 words: make two sentences.",
    ],
    "schema.graphql": [
        "1: 'Of': begin with a noun or a verb.",
        "5: 39 words: make two sentences.",
    ],
    "page.md": [
        "3: 'Those': begin with a noun or a verb.",
        "4: 'told': better shown, returned, reported.",
        "4: 'somebody': better the noun: a client, a person, an editor.",
        "7: 'lies': better is.",
    ],
}


@pytest.mark.parametrize(("name", "source"), [*zip(FOUND, (MODULE, SDL, PAGE), strict=True)])
def test_each_kind_of_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, source: str
) -> None:
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    (tmp_path / name).write_text(source, "utf-8")
    found = [problem.removeprefix(f"{name}:") for problem in run_lint([tmp_path / name])]
    assert sorted(found) == sorted(FOUND[name])


def test_all_floors_are_read() -> None:
    read = {path.relative_to(lint.ROOT).parts[0] for path in lint.default_paths()}
    assert read >= {
        "kit", "engine", "models", "resolvers", "schema", "feeds", "reports", "web", "commands",
        "docs", "scripts", "README.md", "CONTRIBUTING.md", "cli.py", "server.py", "settings.py",
    }  # fmt: skip
