"""Takes the prose out of files: docstrings, comments, messages, SDL descriptions, pages."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from graphql.language import Lexer, Source, Token, TokenKind

SQL = re.compile(r"\b(SELECT|FROM|WHERE|CREATE|SET|INSERT|UPDATE|DELETE|WITH|BEGIN|ALTER|GRANT)\b")
WORD = re.compile(r"(?:^|\s)[a-z']+(?=[\s,.:;]|$)")  # a lower-case word of English
MIN_WORDS = 3  # a string with fewer words is a name, a pattern or a label
DIRECTIVE = re.compile(r"#\s*(fmt|type|noqa|ruff|mypy)\b")  # a comment for a tool
PARAGRAPH = re.compile(r"(?:^.*\S.*\n?)+", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```|<!--.*?-->", re.DOTALL | re.MULTILINE)
ENTRY = re.compile(r"^\s*(?:[-*>]|\d+\.)\s", re.MULTILINE)  # of a list
NODES = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. Code in it is replaced by a word."""

    path: str
    line: int
    text: str


def python_prose(path: str, source: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, NODES) and (docstring := ast.get_docstring(node)):
            yield from docstring_paragraphs(path, node.body[0].lineno, docstring)
    yield from comments(path, source)


def docstring_paragraphs(path: str, first: int, docstring: str) -> Iterator[Text]:
    """Leave out indented paragraphs, which are examples of code."""
    for block in PARAGRAPH.finditer(docstring):
        if not block[0].startswith("    "):
            line = first + docstring.count("\n", 0, block.start())
            yield Text(path, line, without_code(block[0].rstrip()))


def comments(path: str, source: str) -> Iterator[Text]:
    """Join comments on consecutive lines to a paragraph."""
    first = last = 0
    lines: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or DIRECTIVE.match(token.string):
            continue
        if lines and token.start[0] != last + 1:
            yield Text(path, first, without_code("\n".join(lines)))
            lines = []
        first = first if lines else token.start[0]
        last = token.start[0]
        lines.append(token.string.lstrip("#! "))
    if lines:
        yield Text(path, first, without_code("\n".join(lines)))


def python_messages(path: str, source: str) -> Iterator[Text]:
    """Strings that are English: messages, help of commands, descriptions."""
    module = ast.parse(source)
    inner = {id(part) for node in ast.walk(module) for part in inner_strings(node)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in inner:
            text = without_code(string_value(node))
            if len(WORD.findall(text)) >= MIN_WORDS and not SQL.search(text) and "{" not in text:
                yield Text(path, node.lineno, text)


def inner_strings(node: ast.AST) -> list[ast.expr]:
    """Return docstrings and the parts of f-strings, which are no strings of their own."""
    if isinstance(node, ast.JoinedStr):
        return [part for part in ast.walk(node) if part is not node and isinstance(part, ast.expr)]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return [node.value]
    return []


def string_value(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(string_value(part) for part in parts)
        case ast.FormattedValue():
            return "X"
    return ""


def sdl_descriptions(path: str, source: str) -> Iterator[Text]:
    """Yield each description once: many fields share theirs."""
    lines: dict[str, int] = {}
    for token in sdl_tokens(source):
        if token.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING):
            lines.setdefault(token.value or "", token.line)
    for text, line in lines.items():
        yield Text(path, line, without_code(text))


def sdl_tokens(source: str) -> Iterator[Token]:
    lexer = Lexer(Source(source))
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        yield token


def page_texts(path: str, source: str) -> Iterator[Text]:
    """Paragraphs, entries of lists and cells of tables, without headings and code."""
    source = without_code(FENCE.sub(lambda found: "\n" * found[0].count("\n"), source))
    for block in PARAGRAPH.finditer(source):
        if block[0].startswith("#"):
            continue
        first = 1 + source.count("\n", 0, block.start())
        starts = sorted({0, *(found.start() for found in ENTRY.finditer(block[0]))})
        for start, end in zip(starts, [*starts[1:], len(block[0])], strict=True):
            line = first + block[0].count("\n", 0, start)
            text = ENTRY.sub("", block[0][start:end], count=1)
            if text.lstrip().startswith("|"):
                yield from table_cells(path, line, text)
            else:
                yield Text(path, line, text)


def table_cells(path: str, first: int, table: str) -> Iterator[Text]:
    for line, row in enumerate(table.splitlines(), first):
        for cell in row.strip().strip("|").split("|"):
            if re.search(r"\w", cell):
                yield Text(path, line, cell.strip())


def without_code(text: str) -> str:
    """Replace code by a word, and links by their text. Lines stay."""
    text = re.sub(r"`[^`]+`", lambda code: "X" + "\n" * code[0].count("\n"), text)
    text = re.sub(r"\{[\w.!\[\]()]*\}", "X", text)
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
