"""Arguments for a field of a selection, some of them invalid."""

from dataclasses import dataclass
from typing import Any

from tests.random import computed
from tests.random.arguments import ArgumentGenerator, enum_values
from tests.random.positions import (
    MULTISTEP_FIELDS,
    CompositeType,
    SelectionPosition,
    connection_kind,
    field_type,
    is_unpaged_list,
    link_target_kinds,
)
from tests.random.variables import EnumLiteral, Value, rarely
from tests.support.visible_picture import KINDS

SHORT_LIST = 3  # how many records a list without pages is taken to hold

# The values, and what is to be said of where the field's selection stands.
ChosenArguments = tuple[dict[str, Value], dict[str, Any]]


@dataclass
class FieldArgumentChooser:
    arguments: ArgumentGenerator
    wrong: int  # how many are still to be such that they can't be answered

    def __post_init__(self) -> None:
        self.chance, self.features = self.arguments.chance, self.arguments.features

    def of(self, here: SelectionPosition, name: str) -> ChosenArguments:
        target = field_type(here.type, name)
        wrong = self.wrong > 0 and self.chance.randrange(2) == 0
        field = here.type.fields[name]
        if name in MULTISTEP_FIELDS:
            return self.of_reckoned(here, name, wrong)
        if target.name.endswith("Connection"):
            kind = connection_kind(target) or "Version"
            values, size = self.arguments.listed(field, kind, here.rows)
            if wrong:
                values = self.spoiled(self.arguments.wrong(field, kind))
            return values, {"rows": here.rows * max(1, size)}
        if name == "groups":
            kind = connection_kind(here.type)
            self.features["groups"] += 1
            if wrong:
                return self.spoiled(self.arguments.wrong_groups(kind)), {}
            return self.arguments.grouped(kind), {}
        if name in {"sum", "average", "min", "max"} and here.type.name.endswith("Group"):
            self.features["sums"] += 1
            measures = enum_values(f"{here.type.name.removesuffix('Group')}Measure")
            return {"of": EnumLiteral(self.chance.choice(measures))}, {}
        if here.is_root:
            return self.of_root(name, target, wrong)
        if "on" in field.args:
            return {"on": self.chance.choice(self.arguments.known.days)}, {"rows": 2 * here.rows}
        rows = here.rows * (SHORT_LIST if is_unpaged_list(here.type, name) else 1)
        return {}, {"rows": rows, "likely": link_target_kinds(here.type, name)}

    def of_reckoned(self, here: SelectionPosition, name: str, wrong: bool) -> ChosenArguments:
        field = here.type.fields[name]
        self.features["reckoned"] += 1
        if wrong and name != "without":  # which takes whatever it is given
            return self.spoiled(
                computed.invalid_multistep_arguments(self.arguments, field, name)
            ), {}
        values = computed.choose_multistep_arguments(self.arguments, field, name)
        if "first" in field.args and (size := self.arguments.size("", here.rows)):
            values[self.chance.choice(["first", "last"])] = size
        return values, {"rows": here.rows * SHORT_LIST, "likely": tuple(computed.FOUND)}

    def of_root(self, name: str, target: CompositeType, wrong: bool) -> ChosenArguments:
        if name == "nodes":
            if wrong:
                return self.spoiled({"ids": self.arguments.wrong_ids()}), {}
            ids, kinds = self.arguments.nodes()
            return {"ids": ids}, {"rows": len(ids), "likely": tuple(kinds)}
        if name == "node":
            kind = self.chance.choice(list(KINDS))
            id = self.arguments.id(kind, rarely(self.chance, 6))
            values = self.spoiled({"id": "no id"}) if wrong else {"id": id}
            return values, {"likely": (kind,)}
        if target.name == "Registry":  # there is one
            return {}, {}
        if wrong:
            return self.spoiled(self.arguments.wrong_look_up(target.name)), {}
        return self.arguments.looked_up(target.name), {}

    def spoiled(self, values: dict[str, Value]) -> dict[str, Value]:
        self.wrong -= 1
        self.features["wrong"] += 1
        return values
