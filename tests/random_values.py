"""What a field of a selection is asked with; now and then it is what can't be answered."""

from dataclasses import dataclass
from typing import Any

from tests import random_reckoned
from tests.picture import KINDS
from tests.random_arguments import Arguments, words
from tests.random_places import (
    RECKONED,
    Composite,
    Here,
    is_short_list,
    kind_of,
    target_of,
    targets,
)
from tests.random_variables import Value, Word, rarely

SHORT_LIST = 3  # how many records a list without pages is taken to hold

# The values, and what is to be said of where the field's selection stands.
Asked = tuple[dict[str, Value], dict[str, Any]]


@dataclass
class Values:
    arguments: Arguments
    wrong: int  # how many are still to be such that they can't be answered

    def __post_init__(self) -> None:
        self.chance, self.features = self.arguments.chance, self.arguments.features

    def of(self, here: Here, name: str) -> Asked:
        target = target_of(here.type, name)
        wrong = self.wrong > 0 and self.chance.randrange(2) == 0
        field = here.type.fields[name]
        if name in RECKONED:
            return self.of_reckoned(here, name, wrong)
        if target.name.endswith("Connection"):
            kind = kind_of(target) or "Version"
            values, size = self.arguments.listed(field, kind, here.rows)
            if wrong:
                values = self.spoiled(self.arguments.wrong(field, kind))
            return values, {"rows": here.rows * max(1, size)}
        if name == "groups":
            kind = kind_of(here.type)
            self.features["groups"] += 1
            if wrong:
                return self.spoiled(self.arguments.wrong_groups(kind)), {}
            return self.arguments.grouped(kind), {}
        if name in {"sum", "average", "min", "max"} and here.type.name.endswith("Group"):
            self.features["sums"] += 1
            measures = words(f"{here.type.name.removesuffix('Group')}Measure")
            return {"of": Word(self.chance.choice(measures))}, {}
        if here.is_root:
            return self.of_root(name, target, wrong)
        if "on" in field.args:
            return {"on": self.chance.choice(self.arguments.known.days)}, {"rows": 2 * here.rows}
        rows = here.rows * (SHORT_LIST if is_short_list(here.type, name) else 1)
        return {}, {"rows": rows, "likely": targets(here.type, name)}

    def of_reckoned(self, here: Here, name: str, wrong: bool) -> Asked:
        field = here.type.fields[name]
        self.features["reckoned"] += 1
        if wrong and name != "without":  # which takes whatever it is given
            return self.spoiled(random_reckoned.wrong(self.arguments, field, name)), {}
        values = random_reckoned.reckoned(self.arguments, field, name)
        if "first" in field.args and (size := self.arguments.size("", here.rows)):
            values[self.chance.choice(["first", "last"])] = size
        return values, {"rows": here.rows * SHORT_LIST, "likely": tuple(random_reckoned.FOUND)}

    def of_root(self, name: str, target: Composite, wrong: bool) -> Asked:
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
