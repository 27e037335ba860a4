"""Every message about faulty files has a Chinese translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.personal_messages_zh import PERSONAL_REASONS_ZH
from feeds.problem_messages_zh import REASONS_ZH, reason_zh
from models.history import table_models
from models.source import Citation
from tests.loading.test_bad_files import BAD
from tests.support.commands import RunCli, write_files

ROOT = Path(__file__).parent.parent.parent
# Their refusals are written in both languages where they are raised.
ELSEWHERE = re.compile(r"bulk_fill|demonstration_partners|api_key|backup")
SAYS = {"add", "at", "wrong", "notice_duplicate", "ValueError", "UnreadableFile"}
CHINESE = re.compile("[\u4e00-\u9fff]")
HOLE = re.compile(r"\{\w+\}")


def sentence(node: ast.AST) -> str | None:
    """Return a text of the code, with 7 where something is put into it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w*\}", "7", node.value)
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
        return "".join(map(str, parts))
    return None


def sentences() -> Iterator[tuple[str, str]]:
    for folder in ("feeds", "resolvers", "models", "kit"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if ELSEWHERE.search(path.as_posix()) or (
                folder == "kit" and path.name != "partial_date.py"
            ):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                texts: list[ast.expr] = []
                if isinstance(node, ast.Call):
                    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                    texts = [*node.args[-1:], *node.args[:1]] if name in SAYS else []
                elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
                    texts = node.value.elts[1:]
                elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                    named = node.targets[0].id == "reason" or node.targets[0].id.isupper()
                    texts = [node.value] if named else []
                for one in texts:
                    if (text := sentence(one)) and re.fullmatch(r"[^\n]* [^\n]*\.", text):
                        yield f"{path.parent.name}/{path.name}:{node.lineno}", text  # type: ignore[attr-defined]


KNOWN = {text: place for place, text in sentences()}
# Sentences of other purposes, which stand as constants beside the rules.
NO_REFUSALS = re.compile(
    "(There is|This|Say |You |It |Look |The |A |Of |Search|Text|Give|Send|Nobody|Keys|None|7[.]7)"
)


# What is put into these is a sentence's part itself: they are translated whole.
COMPOSED = {
    "is not written in UTF-8, and 7: 7.", "holds NUL characters, as UTF-16 does: 7.",
    "may be UTF-8 or GB18030: 7, which marks it.", "is not written in UTF-8: 7.",
    "is no CSV file: for each of its sheets, 7.", "7, who was left out: left out as well.",
    "7: left out. To enter it all the same, use --bring-back 7.",
    "7 was left out: 7.", "fill 7 of 7.", "is 7; it is 7.", "7 is in 7 already.",
    "holds a name that was taken out: 7. To keep it there, use --bring-back 7.",
    "7: name that key beside it, or give another code.", "7: it no longer finds that record.",
    "7: left out. To enter the line all the same, use --bring-back 7.",
    "7 is no date; 7.", "7 is not in the calendar; 7.",
}  # fmt: skip


def test_the_code_has_sentences_to_translate() -> None:
    assert len(KNOWN) > 50


REFUSALS = sorted({one for one in KNOWN if not NO_REFUSALS.match(one)} - COMPOSED)


@pytest.mark.parametrize("text", REFUSALS)
def test_each_refusal_has_its_chinese(text: str) -> None:
    told = reason_zh(text.replace("{7}", "7"))
    assert told is not None, KNOWN[text]
    assert CHINESE.search(told)


TRANSLATED = {**REASONS_ZH, **PERSONAL_REASONS_ZH}


def test_every_kind_that_is_missing_is_named_in_chinese() -> None:
    for model in set(table_models()) - {Citation}:
        told = reason_zh(f"there is no {model.__name__} 'x'.")
        assert told is not None
        assert not re.search("[A-Z]", told), told


@pytest.mark.parametrize("english", TRANSLATED)
def test_both_languages_say_the_same_values(english: str) -> None:
    assert set(HOLE.findall(english)) == set(HOLE.findall(TRANSLATED[english]))


@pytest.mark.parametrize("bad", BAD, ids=[name for name, *_ in BAD])
def test_every_problem_of_bad_files_is_translated(
    bad: tuple[str, dict[str, str | bytes], list[str]],
) -> None:
    for line in bad[2]:
        reason = re.split(r"(?:, line \d+)?, (?:'[^']*'|[^:,]+): ", line, maxsplit=1)[1]
        assert reason_zh(reason) is not None, reason


def test_a_load_is_refused_in_chinese(run_cli: RunCli, url: str, tmp_path: Path) -> None:
    folder = write_files(tmp_path, workers="code,name,region,frontline,,\nw 1,甲,青岛市,也许,x,\n")
    expected = [
        "发现 4 个问题，未写入任何记录。",
        "  workers.csv 第 2 行，code：'w 1' 的第 2 位是 ' '：编码须为 1 至 80 个字母、数字"
        "或 _ . -，并以字母或数字开头。",
        "  workers.csv 第 2 行，第 5 列：有值，但没有列名。",
        "  workers.csv 第 2 行，frontline：'也许' 既不是“是”也不是“否”（true / false）。",
        "  workers.csv 第 2 行，region：没有地区 '青岛市'。",
    ]
    assert run_cli(url, "load", folder, "--language", "zh") == (1, expected)
    code, said = run_cli(url, "load", folder, "--language", "en")
    assert (code, said[0]) == (1, "4 problems; nothing was loaded.")


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("zh_CN.UTF-8", "发现 1 个问题，未写入任何记录。"),
        ("en_US.UTF-8", "1 problem; nothing was loaded."),
        ("C", "1 problem; nothing was loaded."),
    ],
)
def test_the_language_is_that_of_the_machine(
    run_cli: RunCli,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    first: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    folder = write_files(tmp_path, workers="code,name\nw,\n")
    assert run_cli(url, "load", folder)[1][0] == first


def test_what_a_load_did_is_told_in_chinese(run_cli: RunCli, url: str, tmp_path: Path) -> None:
    folder = write_files(tmp_path, workers="code,name,region\nw,甲,370200\n")
    chosen = ("--language", "zh")
    code, said = run_cli(url, "load", folder, *chosen)
    assert (code, said[-1]) == (0, "已写入：1 Worker。")
    code, said = run_cli(url, "load", folder, *chosen)
    assert (code, said[-1]) == (0, "没有变化：全部已登记。")
    write_files(tmp_path, workers="code,name,region\nw,甲,370700\nv,乙,\n")
    code, said = run_cli(url, "load", folder, "--dry-run", *chosen)
    assert (code, said) == (
        0,
        [
            "没有所有者且未公开，因此仅登记管理方可见：1 Worker。",
            "在 owner 列中注明所有者；“-”表示归登记簿所有。",
            "新增：1 Worker。",
            "改动：1 Worker（w：region 370200 → 370700）。",
            "试运行：未写入任何记录。",
        ],
    )
