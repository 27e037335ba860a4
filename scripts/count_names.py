"""Counts functions and classes of the product that have the name of another one, and lists them.

    python -m scripts.count_names [FOLDER]

FOLDER is another checkout, to compare with. Methods don't count: the class tells them apart, and a
method that overrides another has to have its name.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = [
    "commands",
    "engine",
    "execution",
    "feeds",
    "kit",
    "models",
    "reports",
    "resolvers",
    "schema",
    "web",
]
MIRROR = ["models", "schema"]  # an entity and its GraphQL type have one name


@dataclass(frozen=True, order=True)
class Definition:
    name: str
    path: str  # from the root of the checkout


def modules(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text("utf-8"))


def functions(root: Path = ROOT) -> list[Definition]:
    """Functions of modules: no methods, and no functions inside others."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return sorted(
        {
            Definition(node.name, path)
            for path, module in modules(root)
            for node in module.body
            if isinstance(node, kinds)
        }
    )


def classes(root: Path = ROOT) -> list[Definition]:
    """All classes, those inside others too."""
    return sorted(
        Definition(node.name, path)
        for path, module in modules(root)
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    )


def constants(root: Path = ROOT) -> list[Definition]:
    """Names that modules assign: constants and aliases of types."""
    return sorted(
        {
            Definition(name.id, path)
            for path, module in modules(root)
            for node in module.body
            if isinstance(node, ast.Assign | ast.AnnAssign)
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            for name in ast.walk(target)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
        }
    )


def paths_by_name(definitions: Iterable[Definition]) -> dict[str, list[str]]:
    """Where each name is defined that is defined more than once; the commonest first."""
    paths = defaultdict[str, list[str]](list)
    for definition in definitions:
        paths[definition.name].append(definition.path)
    shared = {name: paths[name] for name in paths if len(paths[name]) > 1}
    return dict(sorted(shared.items(), key=lambda entry: (-len(entry[1]), entry[0])))


def is_mirror(paths: list[str]) -> bool:
    return sorted(path.split("/")[0] for path in paths) == MIRROR


def shared_functions(root: Path = ROOT) -> dict[str, list[str]]:
    return paths_by_name(functions(root))


def repeated_classes(root: Path = ROOT) -> dict[str, list[str]]:
    """Without the mirror of models and schema."""
    repeated = paths_by_name(classes(root))
    return {name: paths for name, paths in repeated.items() if not is_mirror(paths)}


def shared_percentage(root: Path = ROOT) -> float:
    """Functions that have the name of a function in another file, per 100 functions."""
    count = sum(map(len, shared_functions(root).values()))
    return 100 * count / max(1, len(functions(root)))


def print_names(root: Path) -> None:
    shared, repeated = shared_functions(root), repeated_classes(root)
    count = sum(map(len, shared.values()))
    print(
        f"functions: {len(functions(root))}; {count} of them ({shared_percentage(root):.1f} %)"
        f" share {len(shared)} names with functions in other files"
    )
    for name, paths in shared.items():
        print(f"  {len(paths)} {name}: {', '.join(paths)}")
    mirrored = sum(is_mirror(paths) for paths in paths_by_name(classes(root)).values())
    print(
        f"classes: {len(classes(root))}; {mirrored} names stand in models/ and in schema/;"
        f" {len(repeated)} others are defined more than once"
    )
    for name, paths in repeated.items():
        print(f"  {len(paths)} {name}: {', '.join(paths)}")


if __name__ == "__main__":
    print_names(Path(sys.argv[1]) if sys.argv[1:] else ROOT)
