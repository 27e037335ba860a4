"""Somebody who enters rows by chance: new ones, corrections, and some that can't be right."""

from collections.abc import Iterable
from random import Random
from typing import Any

from sqlalchemy import Column

from feeds.folder import columns_of
from models import Employment, Qualification, StudioMembership
from models.history import stored
from models.row import Fact, FactStatus, Row, Spell
from resolvers.proposal import key_column, references, unique_sets
from tests.generated import DATES, MODELS, Batch, Cells, Rows, key_name
from tests.recount import State, Values, upward

Models = list[type[Row]]
Entered = list[tuple[type[Row], Cells]]


def unique_beside_the_key(model: type[Row]) -> list[tuple[str, ...]]:
    """A row under another's key is that row, corrected."""
    return [columns for columns in unique_sets(model) if columns != (key_column(model),)]


PAIRED: Models = [model for model in MODELS if issubclass(model, Spell) and model.pair]
FACTS: Models = [model for model in MODELS if issubclass(model, Fact)]
SPELLS: Models = [model for model in MODELS if issubclass(model, Spell)]
TREES: Models = [model for model in MODELS if "parent_id" in stored(model).c]
UNIQUE: Models = [model for model in MODELS if unique_beside_the_key(model)]
SHARED: Models = [model for model in MODELS if issubclass(model, Fact) and model.parts]
LEADING: Models = [Employment, Qualification, StudioMembership]  # columns follow from them
FOLLOWING: Models = [model for model in MODELS if model.derived]
SORTS = [PAIRED, TREES, UNIQUE, SHARED, LEADING, FOLLOWING]


def named(column: str) -> str:
    """As a file names it."""
    return column.removesuffix("_id")


def with_all_that_they_refer_to(models: set[type[Row]]) -> set[type[Row]]:
    further = {target for model in models for _, target in references(model)}
    return models if further <= models else with_all_that_they_refer_to(models | further)


class Clerk:
    """Knows what is on record, and speaks of a few kinds only, so that rows meet."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.rows, self.live = chance, Rows(chance), State()
        self.kinds = list({chance.choice(chance.choice(SORTS)): None for _ in range(5)})
        self.number = 0

    def first(self) -> Batch:
        """Some rows of these kinds and of all that they refer to."""
        around = with_all_that_they_refer_to(set(self.kinds))
        models = [model for model in MODELS if model in around]
        return gathered(entry for model in models for _ in range(3) for entry in self.new(model))

    def learn(self, live: State) -> None:
        self.live = live
        self.rows.codes = {model: list(rows) for model, rows in live.items()}

    def batch(self) -> Batch:
        acts = (
            self.create, self.correct, self.retract, self.reinstate, self.move, self.close,
            self.rejoin, self.swap,
        )  # fmt: skip
        merged: dict[tuple[type[Row], str], Cells] = {}
        for _ in range(self.chance.randint(1, 6)):
            for model, row in self.chance.choice(acts)():
                merged.setdefault((model, row[key_name(model)]), {}).update(row)
        return gathered((model, row) for (model, _), row in merged.items())

    def wrong_batch(self) -> Batch:
        """Something that can't be right, beside a row that may be."""
        ways = (
            self.unknown, self.empty, self.misspelt, self.twice, self.within_itself, self.ring,
            self.backwards, self.overlapping, self.taken,
        )  # fmt: skip
        wrong = self.chance.choice(ways)() or self.unknown()
        return gathered([*self.create(), *wrong])

    def found(self, models: Models) -> list[tuple[type[Row], Values]]:
        """One row on record of one of these kinds, if there is any."""
        there = [model for model in self.kinds if model in models and self.live[model]]
        if not there:
            return []
        model = self.chance.choice(there)
        return [(model, self.chance.choice(list(self.live[model].values())))]

    # What may be right.

    def new(self, model: type[Row], **given: str) -> Entered:
        self.number += 1
        key = f"{stored(model).name}_{self.number}"
        row = self.rows.row(model, key) | given
        self.rows.codes.setdefault(model, []).append(key)
        return [(model, row)]

    def create(self) -> Entered:
        return self.new(self.chance.choice(self.kinds))

    def correct(self) -> Entered:
        """Some columns of a row; the others stay."""
        return [
            (model, self.some_cells(self.rows.row(model, row["id"])))
            for model, row in self.found(MODELS)
        ]

    def some_cells(self, cells: Cells) -> Cells:
        [(name, key), *others] = cells.items()
        return {name: key} | {name: text for name, text in others if not self.chance.randrange(3)}

    def retract(self) -> Entered:
        return [
            (model, {"key": row["id"], "status": "RETRACTED"}) for model, row in self.found(FACTS)
        ]

    def reinstate(self) -> Entered:
        return [
            (model, {"key": row["id"], "status": "VERIFIED"}) for model, row in self.found(FACTS)
        ]

    def move(self) -> Entered:
        return [
            (model, {key_name(model): row["id"], "parent": self.rows.one(["", *self.live[model]])})
            for model, row in self.found(TREES)
        ]

    def close(self) -> Entered:
        return [
            (model, {key_name(model): row["id"], ends(model): self.rows.one(DATES)})
            for model, row in self.found(SPELLS)
        ]

    def rejoin(self) -> Entered:
        """Another spell of the pair, after this one, which ends unless it has."""
        entered: Entered = []
        for model, row in self.found(PAIRED):
            key = {"key": row["id"]}
            entered.append((model, key | {begins(model): "2019", ends(model): "2019-06"}))
            entered += self.new(model, **pair(model, row), **{begins(model): "2023"})
        return entered

    def swap(self) -> Entered:
        """Two rows take each other's unique values."""
        entered: Entered = []
        for model, one in self.found(UNIQUE):
            other = self.chance.choice(list(self.live[model].values()))
            for columns in unique_beside_the_key(model):
                for row, values in ((one, other), (other, one)):
                    moved = {named(column): text(values[column]) for column in columns}
                    entered.append((model, {key_name(model): row["id"], **moved}))
        return entered

    # What can't be right. Where the row that it takes isn't there: nothing.

    def unknown(self) -> Entered:
        [(model, row)] = self.create()
        column = self.chance.choice([column for column, _ in references(model)])
        return [(model, row | {"sources" if column == "source_id" else named(column): "nowhere"})]

    def empty(self) -> Entered:
        [(model, row)] = self.create()
        needed = [name for name, column in columns_of(model).items() if required(model, column)]
        return [(model, row | {self.chance.choice(needed): ""})] if needed else []

    def misspelt(self) -> Entered:
        [(model, row)] = self.create()
        return [(model, row | {key_name(model): self.rows.one(["", "名", "a b", "-", "a" * 81])})]

    def twice(self) -> Entered:
        return self.create() * 2

    def within_itself(self) -> Entered:
        """Or within what lies in it."""
        entered: Entered = []
        for model, row in self.found(TREES):
            below = [id for id in self.live[model] if row["id"] in upward(self.live[model], id)]
            entered.append((model, {key_name(model): row["id"], "parent": self.rows.one(below)}))
        return entered

    def ring(self) -> Entered:
        entered: Entered = []
        for model, _ in self.found(TREES):
            [(_, one)], [(_, other)] = self.new(model), self.new(model)
            key = key_name(model)
            entered += [
                (model, one | {"parent": other[key]}),
                (model, other | {"parent": one[key]}),
            ]
        return entered

    def backwards(self) -> Entered:
        return [
            (model, {key_name(model): row["id"], begins(model): "2021", ends(model): "2020"})
            for model, row in self.found(SPELLS)
        ]

    def overlapping(self) -> Entered:
        """A second spell of a pair, as long as the first."""
        entered: Entered = []
        for model, row in self.found(PAIRED):
            assert issubclass(model, Spell)
            if row["status"] != FactStatus.RETRACTED and row[model.pair[0]] is not None:
                days = {bound: text(row[bound]) for bound in model.bounds}
                entered += self.new(model, **pair(model, row), **days, status="ASSERTED")
        return entered

    def taken(self) -> Entered:
        entered: Entered = []
        for model, row in self.found(UNIQUE):
            columns = self.chance.choice(unique_beside_the_key(model))
            if all(row[column] is not None for column in columns):
                entered += self.new(model, **{named(one): text(row[one]) for one in columns})
        return entered


def gathered(entered: Iterable[tuple[type[Row], Cells]]) -> Batch:
    batch: Batch = {}
    for model, row in entered:
        batch.setdefault(model, []).append(row)
    return batch


def begins(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[0]


def ends(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[1]


def pair(model: type[Row], row: Values) -> Cells:
    assert issubclass(model, Spell)
    return {named(column): text(row[column]) for column in model.pair}


def text(value: object) -> str:
    return "" if value is None else str(value)


def required(model: type[Row], column: Column[Any]) -> bool:
    return not column.nullable and model.model_fields[column.key].is_required()
