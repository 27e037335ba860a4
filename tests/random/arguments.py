"""Arguments of every sort by chance: filters, orders, pages, days; and now and then wrong ones."""

from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import GraphQLEnumType, GraphQLField, is_input_object_type

from tests.random.known_values import ValuePool
from tests.random.variables import (
    EnumLiteral,
    Value,
    Variable,
    VariableGenerator,
    graphql_literal,
    rarely,
)
from tests.support.sdl import SDL
from tests.support.visible_picture import KINDS, filter_fields

JOINING = {"and", "or", "not"}
MOST_ROWS = 60  # that one place of an answer may come to, as far as one can tell beforehand
ELSEWHERE: dict[str, list[Any]] = {
    "Boolean": [True, False], "Int": [2021, 0, 4000], "String": ["nowhere", ""],
    "PartialDate": ["2022", "2023-05", "1999-01-01"],
}  # fmt: skip


def enum_values(name: str) -> list[str]:
    found = SDL.type_map.get(name)
    return list(found.values) if isinstance(found, GraphQLEnumType) else []


@dataclass
class Paging:
    """A list whose pages are requested one by one: the cursor comes from the page before."""

    cursor: Variable
    forward: bool


class ArgumentGenerator:
    def __init__(self, known: ValuePool, variables: VariableGenerator, chance: Random) -> None:
        self.known, self.variables, self.chance = known, variables, chance
        self.features = variables.features

    def express(self, field: GraphQLField, values: dict[str, Value]) -> str:
        """Return the arguments as written, sometimes with nulls for omitted ones."""
        for name, argument in field.args.items():
            required = name in values or str(argument.type).endswith("!")
            if not required and rarely(self.chance, 30):
                values[name] = None
                self.features["null arguments"] += 1
        shown = {
            name: value
            if isinstance(value, Variable)
            else self.variables.express(field.args[name].type, value)
            for name, value in values.items()
        }
        return f"({graphql_literal(shown)[1:-1]})" if shown else ""

    def one(self, of: list[Any]) -> Any:
        return self.chance.choice(of)

    def some(self, of: list[Any], most: int) -> list[Any]:
        number = 1 + self.chance.randrange(most)
        return list(dict.fromkeys(self.one(of) for _ in range(number)))

    # Lists

    def listed(self, field: GraphQLField, kind: str, rows: int) -> tuple[dict[str, Value], int]:
        """Which rows of a list, in which order, and how large a page; and how many that may be."""
        values: dict[str, Value] = {}
        if "filter" in field.args and rarely(self.chance, 4):
            values["filter"] = self.filter(kind, 3)
            self.features["filters"] += 1
        if "orderBy" in field.args and rarely(self.chance, 4):
            values["orderBy"] = self.order(kind, 3)
            self.features["orders"] += 1
        if "on" in field.args and rarely(self.chance, 3):
            if self.chance.randrange(2):
                values["on"] = self.one(self.known.days)
            else:
                values["spells"] = EnumLiteral(self.one(["ALL", "CURRENT"]))
            self.features["spells"] += 1
        if "scope" in field.args and self.chance.randrange(2):
            values["scope"] = EnumLiteral(self.one(enum_values("FigureScope")))
            self.features["scopes"] += 1
        size = self.size(kind, rows)
        if size:
            forward = self.chance.randrange(3) < 2
            values["first" if forward else "last"] = size
            self.features["forward" if forward else "backward"] += 1
            if "orderBy" not in values and self.known.cursors.get(kind) and rarely(self.chance, 6):
                values["after" if forward else "before"] = self.one(self.known.cursors[kind])
                self.features["cursors"] += 1
        return values, size or min(20, len(self.known.ids.get(kind, "20 of history")))

    def size(self, kind: str, rows: int) -> int:
        """Return the requested page size; 0: none."""
        unasked = min(20, len(self.known.ids.get(kind, [])) or 3)
        fitting = [size for size in (2, 1, 3, 5, 100) if rows * min(size, unasked) <= MOST_ROWS]
        if rows * unasked <= MOST_ROWS:
            fitting += [0, 0]
        return int(self.one(fitting or [1]))

    def paged(self, field: GraphQLField, values: dict[str, Value]) -> Paging:
        """Ask for the list's pages: without a cursor at first."""
        forward = "last" not in values
        values.setdefault("first" if forward else "last", 1 + self.chance.randrange(3))
        name = "after" if forward else "before"
        cursor = self.variables.null(field.args[name].type)
        values[name] = cursor
        self.features["pages"] += 1
        return Paging(cursor, forward)

    def order(self, kind: str, most: int) -> list[Value]:
        found = []
        for word in self.some(enum_values(f"{kind}OrderField"), most):
            order: dict[str, Value] = {"field": EnumLiteral(word)}
            if down := self.one([[], [True], [False], [None]]):
                [order["descending"]] = down
            found.append(order)
        return found

    def filter(self, of: str, depth: int) -> dict[str, Value]:
        """Return a field or two; links, lists and nots up to the depth."""
        chosen = {}
        for _ in range(self.one([1, 1, 2, 0])):
            names = [
                name
                for name, type in filter_fields(of).items()
                if depth or not (is_input_object_type(type) or name in JOINING)
            ]
            if of in KINDS and self.chance.randrange(2) == 0:
                names = [name for name in names if self.known.compared(of, name)] or names
            if names:
                name = self.one(names)
                chosen[name] = self.compared(of, name, depth)
        return chosen

    def compared(self, of: str, name: str, depth: int) -> Value:
        """Return what a field of a filter is compared with: more often than not it occurs."""
        type = filter_fields(of)[name]
        if name in JOINING or is_input_object_type(type):
            self.features["filters by link" if name not in JOINING else "filters joined"] += 1
        if rarely(self.chance, 25):
            return None
        if name in {"and", "or"}:
            return [self.filter(of, depth - 1) for _ in range(1 + self.chance.randrange(3))]
        if is_input_object_type(type):
            return self.filter(type.name.removesuffix("Filter"), depth - 1)
        if name == "isNull":
            return [EnumLiteral(word) for word in self.some(list(type.values), 2)]
        found = self.known.compared(of, name) if of in KINDS else []
        if isinstance(type, GraphQLEnumType):
            return EnumLiteral(self.one(found or list(type.values)))
        return self.one(ELSEWHERE[type.name] if not found or rarely(self.chance, 5) else found)

    # All else that takes arguments

    def grouped(self, kind: str) -> dict[str, Value]:
        values: dict[str, Value] = {"by": [EnumLiteral(word) for word in self.by(kind)]}
        if first := self.one([[], [5], [1], [1000], [None]]):
            [values["first"]] = first
        sort = f"{kind}Group" if enum_values(f"{kind}Measure") else "Group"
        if rarely(self.chance, 3):
            values["having"] = self.having(kind)
            self.features["having"] += 1
        if rarely(self.chance, 3):
            words_of_order = self.some(enum_values(f"{sort}OrderField"), 3)
            values["orderBy"] = [
                {"field": EnumLiteral(word), "descending": self.one([True, False])}
                for word in words_of_order
            ]
            self.features["orders of groups"] += 1
        if any(word.name == "REGION" for word in values["by"]) and self.chance.randrange(3):
            values["below"] = self.one([*self.known.codes["Region"], "nowhere", ""])
            self.features["below"] += 1
        return values

    def having(self, kind: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        if self.chance.randrange(3):
            found["count"] = self.one([{"gte": 2}, {"lte": 1}, {"gte": 1, "lte": 3}, {}, None])
        if (measures := enum_values(f"{kind}Measure")) and self.chance.randrange(2):
            bounds = self.one([{"gte": 2.5}, {"lte": 4}, {"gte": 0, "lte": 1e9}, None])
            found["sum"] = {self.one(measures).lower(): bounds}
        return found

    def by(self, kind: str) -> list[str]:
        return self.some(enum_values(f"{kind}Dimension"), 3)

    def looked_up(self, kind: str) -> dict[str, Value]:
        unknown = rarely(self.chance, 6)
        if self.chance.randrange(3) < 2:
            codes = self.known.codes[kind]
            return {"code": "nowhere" if unknown or not codes else self.one(codes)}
        return {"id": self.id(kind, unknown)}

    def id(self, kind: str, unknown: bool = False) -> str:
        ids = self.known.ids[kind]
        return self.known.unknown_id(kind) if unknown or not ids else str(self.one(ids))

    def nodes(self) -> tuple[list[str], list[str]]:
        """Ids, and the kinds that they are of."""
        kinds = self.some(list(KINDS), 4)
        return [self.id(kind, rarely(self.chance, 9)) for kind in kinds], kinds

    # What can't be answered

    def wrong(self, field: GraphQLField, kind: str) -> dict[str, Value]:
        """Draw arguments of a list that fit their types but exclude each other."""
        cursor = self.one(self.known.cursors.get(kind) or ["nothing of ours"])
        other = self.one([name for name in KINDS if name != kind])
        [strange, *_] = self.known.cursors[other] or ["nothing of ours"]
        found: list[dict[str, Value]] = [
            {"first": 0}, {"first": 101}, {"last": -1}, {"first": 1, "last": 1},
            {"after": strange}, {"before": "no cursor"}, {"after": cursor, "before": cursor},
            {"last": 2, "after": cursor}, {"first": 2, "before": cursor},
        ]  # fmt: skip
        if "orderBy" in field.args:
            [word, *_] = enum_values(f"{kind}OrderField")
            order = {"field": EnumLiteral(word), "descending": True}
            found += [{"orderBy": [order], "after": cursor}, {"orderBy": [order] * 6}]
            deep: Value = {}
            for _ in range(9):
                deep = {"not": deep}
            found += [{"filter": deep}, {"filter": {"or": [deep]}}]
        if "spells" in field.args:
            found += 3 * [{"on": "2020-06-15", "spells": EnumLiteral("ALL")}]
        return dict(self.one(found))

    def wrong_groups(self, kind: str) -> dict[str, Value]:
        [word, *_] = enum_values(f"{kind}Dimension")
        by = [EnumLiteral(word)]
        if rarely(self.chance, 6):
            null = self.variables.declare(f"[{kind}Dimension!]", default=by, given=None)
            return {"by": null}
        found: list[dict[str, Value]] = [
            {"by": []}, {"by": by * 2}, {"by": by * 6}, {"by": by, "first": 0},
            {"by": by, "first": 1001}, {"by": by, "having": {"count": {"gte": 2, "lte": 1}}},
            {"by": by, "orderBy": [{"field": EnumLiteral("COUNT")}] * 6},
        ]  # fmt: skip
        return dict(self.one(found))

    def wrong_look_up(self, kind: str) -> dict[str, Value]:
        both = {"code": "nowhere", "id": self.id(kind)}
        return dict(self.one([{}, both, {"id": "no id"}, {"code": None, "id": None}]))

    def wrong_ids(self) -> list[str]:
        [id, *_] = next(iter(self.known.ids.values()))
        return list(self.one([["no id"], [id, "V29ya2Vy"], [id] * 101]))
