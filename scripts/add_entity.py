"""Writes the files of a new kind of thing: `make entity NAME=Pilot TERM=试点`.

The result serves at once: a thing with a type and a region. Its meaning, its columns, its
texts and its records, are for the author to write.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path
from string import Template

from kit.values.labelled_enum import plural_of

ROOT = Path(__file__).parent.parent
NAME_PATTERN = re.compile(r"[A-Z][a-z]+(?:[A-Z][a-z]+)*")
TERM_PATTERN = re.compile("[\u4e00-\u9fff]+")

FILES = {
    "models/$word.py": """\
from kit.values.labelled_enum import LabelledEnum
from models.row import Thing, enum_column, optional_reference


class ${name}Kind(LabelledEnum, description="Type of $words. ${term}类别"):
    OTHER = "OTHER", "其他"


class $name(Thing, table=True):
    ${word}_kind: ${name}Kind = enum_column(${name}Kind)
    region_id: str | None = optional_reference("region")
""",
    "resolvers/$word.py": """\
from engine.catalog.link import ToMany, ToOne
from models.$word import $name
from models.region import Region
from resolvers.core.declare import declare_thing, dimension, region_dimensions, subtree_join
from resolvers.region import REGION

$constant = declare_thing(
    $name,
    "${word}_kind",
    dimensions={"KIND": dimension(column="${word}_kind"), **region_dimensions("region")},
    description="$term",
)

region = ToOne($constant, "region", Region, "region_id")
${plural}_of_region = ToMany(REGION, "$plural", $name, subtree_join(), description="$term")
""",
    "schema/$word.py": """\
import strawberry

import resolvers.$word
from models.$word import ${name}Kind
from schema.types.link_fields import link_field
from schema.types.node import Record


@strawberry.type(description="One of the $words_plural. $term")
class $name(Record):
    ${word}_kind: ${name}Kind = strawberry.field(description="类别")
    region = link_field(resolvers.$word.region, "所在地区")
""",
    "generator/population/kinds/$plural.py": """\
from generator.population.codes import code, word
from generator.population.drawn.population import Population
from generator.population.kinds import Rows, generates
from models.$word import $name, ${name}Kind


@generates($name)
def $plural(population: Population) -> Rows:
    \"\"\"In each city one of the types in turn.\"\"\"
    kinds = list(${name}Kind)
    for place, city in enumerate(population.places.cities):
        yield {
            "code": code("$word", place),
            "name": f"示例{word(place)}$term",
            "${word}_kind": kinds[place % len(kinds)],
            "region_id": city.code,
        }
""",
    "tests/graph/test_$plural.py": """\
from tests.support.graph import GraphQLTestClient, RowFactory


async def test_${plural}_are_listed_and_found_by_code(
    make: RowFactory, ask: GraphQLTestClient
) -> None:
    await make($plural=[{"code": "first", "name": "第一", "${word}_kind": "OTHER"}])
    question = \"\"\"{
      $camel_plural { totalCount nodes { ${camel}Kind } }
      $camel(code: "first") { name }
    }\"\"\"
    assert await ask.data(question) == {
        "$camel_plural": {"totalCount": 1, "nodes": [{"${camel}Kind": "OTHER"}]},
        "$camel": {"name": "第一"},
    }
""",
    "examples/demonstration/$plural.csv": """\
code,name,${word}_kind,region
demo_${word}_first,示例$term,OTHER,demo_city_east_a
""",
}

SECTION = """\
### $name $term

$text

```graphql
{
  region(code: "demo_city_east_a") { $camel_plural { nodes { name ${camel}Kind } } }
}
```

```json
{"region": {"$camel_plural": {"nodes": [{"name": "示例$term", "${camel}Kind": "OTHER"}]}}}
```

"""
# By page: the heading that follows the sections of things, the words of the contents, the text.
PAGES = {
    "docs/domain.md": ("## Facts", "$name", "A union asks which $words_plural are in the city:"),
    "docs/domain.zh.md": ("## 事实", "$term", "工会问：本市有哪些$term？"),
}
LAST_OF_CONTENTS = re.compile(r"(\(#source-[^)]*\))\n")


def words_of(name: str, term: str) -> dict[str, str]:
    word = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    plural = plural_of(word)
    return {
        "name": name,
        "term": term,
        "word": word,
        "plural": plural,
        "constant": word.upper(),
        "words": word.replace("_", " "),
        "words_plural": plural.replace("_", " "),
        "camel": camel_case(word),
        "camel_plural": camel_case(plural),
    }


def camel_case(word: str) -> str:
    return re.sub("_([a-z])", lambda match: match[1].upper(), word)


def write_files(words: dict[str, str]) -> list[Path]:
    """Write all files but the migration. Raises FileExistsError before it writes anything."""
    paths = {ROOT / Template(path).substitute(words): text for path, text in FILES.items()}
    for path in paths:
        if path.exists():
            raise FileExistsError(path)
    for path, text in paths.items():
        path.write_text(Template(text).substitute(words), "utf-8", newline="\n")
    return list(paths)


def add_section(page: Path, following: str, title: str, words: dict[str, str], text: str) -> None:
    """Add a section after those of all things, and a line to the contents."""
    section = Template(SECTION).substitute(words, text=Template(text).substitute(words))
    link = f"[{Template(title).substitute(words)}](#{words['name'].lower()}-{words['term']})"
    written = page.read_text("utf-8")
    written = LAST_OF_CONTENTS.sub(rf"\1 ·\n{link}\n", written, count=1)
    before, after = written.split(f"\n{following}\n")
    page.write_text(f"{before}\n{section}{following}\n{after}", "utf-8", newline="\n")


def write_migration(words: dict[str, str]) -> None:
    """Write a migration from the models, in a process that has the new one."""
    command = [sys.executable, "cli.py", "revision", words["words_plural"].capitalize()]
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make entity", description=__doc__)
    parser.add_argument("name", help="in English, as a class is named: NAME=ServiceTeam")
    parser.add_argument("term", help="in Chinese: TERM=服务队")
    arguments = parser.parse_args()
    if not NAME_PATTERN.fullmatch(arguments.name):
        parser.error(f"{arguments.name!r} is no name of a class, such as ServiceTeam.")
    if not TERM_PATTERN.fullmatch(arguments.term):
        parser.error(f"{arguments.term!r} is no Chinese term, such as 服务队.")
    words = words_of(arguments.name, arguments.term)
    try:
        paths = write_files(words)
    except FileExistsError as error:
        parser.error(f"{error} is there already.")
    for page, (following, title, text) in PAGES.items():
        add_section(ROOT / page, following, title, words, text)
    write_migration(words)
    for path in [*(path.relative_to(ROOT) for path in paths), *PAGES]:
        print(path)
    print("Next: read docs/adding.md, change these files, then 'make schema pictures answers'.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
