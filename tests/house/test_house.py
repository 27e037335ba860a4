"""The rules of the house, checked: floors, names, links, words, and the published SDL."""

import ast
import importlib
import importlib.metadata
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    is_leaf_type,
)

from engine.catalog.link import ToMany
from execution import schema
from kit.values.labelled_enum import LabelledEnum
from models.history import model_table, table_models
from resolvers.core.declare import REGISTRY
from resolvers.core.subjects import subject_columns

ROOT = Path(__file__).parent.parent.parent
SDL = ROOT / "schema" / "schema.graphql"
PACKAGES = [
    "kit", "engine", "models", "resolvers", "schema", "execution", "feeds", "reports", "web",
    "generator", "commands",
]  # fmt: skip
OURS = {*PACKAGES, "server", "settings", "cli", "tests", "scripts"}

# kit ← models ← resolvers ← schema ← execution ← web; kit ← engine ← resolvers.
BELOW = {
    "kit": set[str](),
    "engine": {"kit"},
    "models": {"kit"},
    "resolvers": {"kit", "engine", "models"},
    "schema": {"kit", "engine", "models", "resolvers"},
    "feeds": {"kit", "models", "resolvers"},
    "generator": {"kit", "models"},
    "execution": {"kit", "engine", "resolvers", "schema"},
    "reports": {"kit", "resolvers", "execution"},
    "web": {"kit", "resolvers", "execution", "reports"},
    "settings": {"kit"},
    "server": {"kit", "resolvers", "execution", "feeds", "web", "settings"},
    "commands": {
        *{"kit", "engine", "models", "resolvers", "execution", "feeds", "reports", "generator"},
        *{"server", "settings"},
    },
    "cli": {"kit", "commands"},
}


# Inside two floors: a package imports from itself and from those before it.
PACKAGE_ORDER = {
    "engine": [
        *(
            "catalog",
            "sql",
            "aggregates",
            "row_queries",
            "queries",
            "loaders",
            "plan",
            "plan.steps",
            "planning",
        ),
        *("json", "operation", "explain"),
    ],
    "resolvers": [
        *("core", "", "collaborators", "rollup", "cohort", "partners", "writing", "history"),
        *("search", "personal", "database"),
    ],
}
MANY_MODULES = {"models", "resolvers", "schema", "generator/population/kinds"}  # a file per entity
MAX_MODULES = 25


def sources(name: str) -> list[Path]:
    return sorted((ROOT / name).rglob("*.py")) or [ROOT / f"{name}.py"]


def imported_by(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names & OURS


@pytest.mark.parametrize("name", BELOW)
def test_imports_go_one_way(name: str) -> None:
    wrong = {path.name: imported_by(path) - BELOW[name] - {name} for path in sources(name)}
    assert {path: names for path, names in wrong.items() if names} == {}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def module_imports() -> dict[str, set[str]]:
    """Return the modules that each module of the product imports, under TYPE_CHECKING too."""
    paths = {module_name(path): path for name in BELOW for path in sources(name)}
    imports: dict[str, set[str]] = {}
    for module, path in paths.items():
        imports[module] = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                target = name if name in paths else name.rpartition(".")[0]
                if target in paths and target != module:
                    imports[module].add(target)
    return imports


def test_no_two_files_import_each_other_by_any_way() -> None:
    sorter = TopologicalSorter(module_imports())
    sorter.prepare()  # raises CycleError


def package_of(module: str, floor: str) -> str:
    """Return the part of a module's name that `PACKAGE_ORDER` lists; rules belong to writing."""
    inner = module.removeprefix(floor).removeprefix(".")
    if (ROOT / module.replace(".", "/")).is_dir():
        return inner.replace("writing.rules", "writing")
    if floor == "engine" and "." not in inner:
        return inner
    return inner.rpartition(".")[0].replace("writing.rules", "writing")


@pytest.mark.parametrize("floor", PACKAGE_ORDER)
def test_packages_of_a_floor_import_one_way(floor: str) -> None:
    order = {package: place for place, package in enumerate(PACKAGE_ORDER[floor])}
    modules = {name for name in module_imports() if name.startswith(f"{floor}.")}
    assert {package_of(name, floor) for name in modules} == order.keys()
    wrong = [
        (module, target)
        for module in sorted(modules)
        for target in module_imports()[module] & modules
        if order[package_of(target, floor)] > order[package_of(module, floor)]
    ]
    assert wrong == []


def test_a_folder_has_few_modules() -> None:
    folders = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for name in (*PACKAGES, "tests", "scripts", "benchmarks")
        for path in sources(name)
    )
    assert {folder for folder, count in folders.items() if count > MAX_MODULES} <= MANY_MODULES


def test_the_engine_has_no_word_of_the_domain() -> None:
    words = {model.__name__ for model in table_models()} - {"Region", "Result", "Source", "Target"}
    for path in sources("engine"):
        text = path.read_text("utf-8")
        assert not [word for word in words if word in text], path


@pytest.mark.parametrize("name", [*PACKAGES, "server", "settings", "cli"])
def test_our_names_are_ours(name: str) -> None:
    assert name not in importlib.metadata.packages_distributions()
    assert Path(importlib.import_module(name).__file__ or "").is_relative_to(ROOT)


def test_the_published_schema_is_current() -> None:
    assert SDL.read_text("utf-8") == schema.as_str() + "\n", "Run 'make schema'."


def test_files_stay_short() -> None:
    lengths = {
        path: len(path.read_text("utf-8").splitlines())
        for name in PACKAGES
        for path in sources(name)
    }
    assert {str(path): length for path, length in lengths.items() if length > 330} == {}


def test_the_engine_has_few_types_that_are_not_checked() -> None:
    """Count `Any` in 1,000 lines. The bound may only fall."""
    texts = [path.read_text("utf-8") for path in sources("engine")]
    lines = sum(len(text.splitlines()) for text in texts)
    assert sum(len(re.findall(r"\bAny\b", text)) for text in texts) * 1000 / lines <= 25


@cache
def types() -> dict[str, GraphQLNamedType]:
    return build_schema(SDL.read_text("utf-8")).type_map


def test_every_type_is_described() -> None:
    bare = [
        name
        for name, kind in types().items()
        if not name.startswith("__") and not kind.description
        and name not in {"Boolean", "Float", "ID", "Int", "String", "DateTime"}
    ]  # fmt: skip
    assert bare == []


def test_every_part_of_the_schema_is_described_in_english_with_its_chinese_term() -> None:
    described = dict(descriptions())
    assert [place for place, words in described.items() if not in_both(words)] == []
    assert [place for place, words in described.items() if is_name_alone(place, words)] == []


def descriptions() -> Iterator[tuple[str, str | None]]:
    """Every field, argument, input field and enum value, with its description."""
    for name, kind in types().items():
        if name.startswith("__"):
            continue
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field_name, field in kind.fields.items():
                yield f"{name}.{field_name}", field.description
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}.{argument_name}", argument.description
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{part}", one.description) for part, one in kind.fields.items())
        elif isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{part}", one.description) for part, one in kind.values.items())


def in_both(words: str | None) -> bool:
    return bool(words and re.search("[A-Za-z]{2}", words) and re.search("[\u4e00-\u9fff]", words))


def is_name_alone(place: str, words: str | None) -> bool:
    """Whether a description says nothing that its name doesn't, in neither language."""
    name = place.rpartition(".")[2].replace("_", "")
    return re.sub(r"[\s.]", "", words or "").lower() == name.lower()


def test_every_enum_of_ours_says_what_it_means() -> None:
    for words in LabelledEnum.__subclasses__():
        if published := types().get(words.__name__):
            assert in_both(published.description), words


def test_one_name_has_one_type_wherever_two_types_can_meet() -> None:
    """Shapes must agree, or a query that asks two kinds for one name is refused."""
    found = types()
    interfaces = [kind for kind in found.values() if isinstance(kind, GraphQLInterfaceType)]
    assert {kind.name for kind in interfaces} == {"Node", "Record", "Fact"}
    clashes = []
    for interface in interfaces:
        kinds = [
            kind
            for kind in found.values()
            if isinstance(kind, GraphQLObjectType) and interface in kind.interfaces
        ]
        for one, other in combinations(kinds, 2):
            for name in one.fields.keys() & other.fields.keys():
                if shape(one.fields[name].type) != shape(other.fields[name].type):
                    clashes.append(f"{one.name}.{name} and {other.name}.{name}")
    assert clashes == []


def shape(of: Any) -> str:
    """Return the type for merging: objects merge field by field, leaves must be equal."""
    leaf = get_named_type(of)
    return str(of) if is_leaf_type(leaf) else str(of).replace(leaf.name, "{}")


def test_every_link_is_a_field_and_every_kind_has_its_type() -> None:
    found = types()
    for kind in REGISTRY.kinds.values():
        published = found[kind.name]
        assert isinstance(published, GraphQLObjectType)
        names = {camel(name) for name in kind.links}
        assert names - published.fields.keys() == set(), kind.name


def test_every_kind_can_be_asked_at_the_root() -> None:
    root = types()["Query"]
    assert isinstance(root, GraphQLObjectType)
    given = {get_named_type(field.type).name for field in root.fields.values()}
    for kind in REGISTRY.kinds.values():
        assert f"{kind.name}Connection" in given
        assert kind.key == "id" or kind.name in given


def test_every_list_has_totals_and_groups() -> None:
    for kind in REGISTRY.kinds.values():
        connection = types()[f"{kind.name}Connection"]
        assert isinstance(connection, GraphQLObjectType)
        assert {"totalCount", "pageInfo", "edges", "nodes", "groups"} <= connection.fields.keys()
        assert ("undated" in connection.fields) is (kind.spell is not None)


def test_nothing_leads_to_a_list_that_is_not_bounded() -> None:
    for kind in REGISTRY.kinds.values():
        for link in kind.links.values():
            if isinstance(link, ToMany):
                name = f"{link.to.name}Connection"
                field = types()[kind.name].fields[camel(link.name)]  # type: ignore[attr-defined]
                assert get_named_type(field.type).name == name
                assert {"first", "after", "last", "before"} <= field.args.keys()


# Worked out in Python from other rows.
RECKONED = {
    "registered", "metricName", "metricNameEn", "collaborators", "gaps", "candidates", "without",
}  # fmt: skip


def test_every_plain_field_is_on_the_row() -> None:
    for kind in REGISTRY.kinds.values():
        published = types()[kind.name]
        assert isinstance(published, GraphQLObjectType)
        for name, field in published.fields.items():
            is_link = name in {camel(link) for link in kind.links} | {
                "id",
                "sources",
                "history",
                "demonstration",
                "personal",
            }
            if not is_link and name not in RECKONED:
                assert hasattr(kind.row, snake(name)), f"{kind.name}.{name} {field.type}"


# What they say of a thing is public, so it lies in no region.
IN_NO_REGION = {"Criterion", "Rung", "SelectionRound", "SelectionStage", "Source"}


def test_what_is_said_of_a_thing_lies_in_the_region_of_that_thing() -> None:
    nowhere = {
        model.__name__
        for model in table_models()
        if not {"region_id", "lies_in_id"} & {*model_table(model).c.keys()}
        and not subject_columns(model)
        and any("region_id" in key.column.table.c for key in model_table(model).foreign_keys)
    }
    assert nowhere == IN_NO_REGION, "Name the column in resolvers/core/subjects.py."


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def snake(name: str) -> str:
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
