"""Arguments by chance of the search, and of what several statements work out."""

from typing import Any

from graphql import GraphQLField

from tests.random.arguments import ArgumentGenerator, enum_values
from tests.random.variables import EnumLiteral, Value, rarely

NOBODY: dict[str, Value] = {"complementarity": 0, "closeness": 0, "standing": 0, "activity": 0}
FOUND = ["Worker", "Studio", "Organisation", "Region", "Competition", "Alliance"]
WRONG_TEXTS = ["", "…", " ", "x" * 201]
MEMBERS = ["Studio", "Academy", "Organisation"]


def choose_multistep_arguments(
    arguments: ArgumentGenerator, field: GraphQLField, name: str
) -> dict[str, Value]:
    """Of the field of that name; its pages aside."""
    chance, one, known = arguments.chance, arguments.one, arguments.known
    values: dict[str, Value] = {}
    if "on" in field.args and rarely(chance, 3):
        values["on"] = one(known.days)
    if name == "collaborators":
        if rarely(chance, 2):
            values["filter"] = collaborator_filter(arguments)
        if rarely(chance, 3):
            word = one(["complementarity", "closeness", "standing", "activity"])
            values["weights"] = {word: one([0, 1, 2.5, -1])}
    if name == "without":
        codes = known.codes[one(MEMBERS)]
        values["member"] = one(codes) if codes and chance.randrange(5) else "nowhere"
    if name == "search":
        values["text"] = search_text(arguments)
    return values


def collaborator_filter(arguments: ArgumentGenerator) -> Value:
    one, codes = arguments.one, arguments.known.codes
    found: list[dict[str, Any]] = [
        {"otherProvince": one([True, False])},
        {"notAllied": one([True, False])},
        {"level": EnumLiteral(one(enum_values("Level")))},
        {"honour": {"level": EnumLiteral(one(enum_values("Level")))}},
        {"region": {"code": one([*codes["Region"], "nowhere"])}},
        {"industry": {"code": one([*codes["Industry"], "nowhere"])}},
        {},
    ]
    return dict(one(found)) | dict(one(found))


def search_text(arguments: ArgumentGenerator) -> str:
    """Return a name, a part of one, or a code."""
    one, known = arguments.one, arguments.known
    kind = one(FOUND)
    names = [*known.values[kind, "name"], *known.codes[kind]] or ["nowhere"]
    name = str(one(names))
    begins = arguments.chance.randrange(len(name)) if rarely(arguments.chance, 2) else 0
    return name[begins : begins + one([1, 2, 3, 200])]


def invalid_multistep_arguments(
    arguments: ArgumentGenerator, field: GraphQLField, name: str
) -> dict[str, Value]:
    """Return the same with something that can't be answered."""
    values = choose_multistep_arguments(arguments, field, name)
    match name:
        case "search":
            values["text"] = arguments.one(WRONG_TEXTS)
        case "collaborators" if arguments.chance.randrange(2):
            values["weights"] = NOBODY
        case _:
            values |= arguments.wrong(field, "")
    return values
