"""Enters random rows: new ones, corrections, and some invalid ones."""

from collections.abc import Iterable
from random import Random
from typing import Any

from sqlalchemy import Column

from feeds.csv_folder import columns_by_heading
from models.history import model_table
from models.row import Fact, FactStatus, Row, Spell, Thing
from models.studio import StudioMembership
from models.training import Qualification
from models.worker import Employment
from resolvers.writing.proposal import column_heading, referenced_models, unique_keys
from tests.support.random_rows import DATES, MODELS, Batch, Cells, RowGenerator, key_heading
from tests.support.recount import State, Values, ancestor_line

Models = list[type[Row]]
Entered = list[tuple[type[Row], Cells]]

PAIRED: Models = [model for model in MODELS if issubclass(model, Spell) and model.pair]
THINGS: Models = [model for model in MODELS if issubclass(model, Thing)]
FACTS: Models = [model for model in MODELS if issubclass(model, Fact)]
SPELLS: Models = [model for model in MODELS if issubclass(model, Spell)]
TREES: Models = [model for model in MODELS if "parent_id" in model_table(model).c]
UNIQUE: Models = [model for model in MODELS if {*unique_keys(model)} - {("code",)}]
SHARED: Models = [model for model in MODELS if issubclass(model, Fact) and model.parts]
LEADING: Models = [Employment, Qualification, StudioMembership]  # columns follow from them
FOLLOWING: Models = [model for model in MODELS if model.derived]
RETRACTED = {"status": FactStatus.RETRACTED.value}
VERIFIED = {"status": FactStatus.VERIFIED.value}
SORTS = [PAIRED, TREES, UNIQUE, SHARED, LEADING, FOLLOWING]


def with_references(models: set[type[Row]]) -> set[type[Row]]:
    further = {target for model in models for _, target in referenced_models(model)}
    return models if further <= models else with_references(models | further)


class WriteGenerator:
    """Knows what is on record, and speaks of a few kinds only, so that rows meet."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.rows, self.live = chance, RowGenerator(chance), State()
        self.kinds = list({chance.choice(chance.choice(SORTS)): None for _ in range(5)})
        self.number = 0

    def first(self) -> Batch:
        """Return some rows of these kinds and of all that they refer to."""
        around = with_references(set(self.kinds))
        models = [model for model in MODELS if model in around]
        return group_by_model(
            entry for model in models for _ in range(3) for entry in self.new(model)
        )

    def learn(self, live: State) -> None:
        self.live = live
        self.rows.codes = {
            model: [row.get("code", id) for id, row in rows.items()] for model, rows in live.items()
        }

    def batch(self) -> Batch:
        acts = (
            self.create, self.correct, self.retract, self.reinstate, self.move, self.close,
            self.rejoin, self.swap, self.recode,
        )  # fmt: skip
        merged: dict[tuple[type[Row], str], Cells] = {}
        for _ in range(self.chance.randint(1, 6)):
            for model, cells in self.chance.choice(acts)():
                merged.setdefault((model, cells.get("key", cells.get("code", ""))), {}).update(
                    cells
                )
        return group_by_model((model, cells) for (model, _), cells in merged.items())

    def wrong_batch(self) -> Batch:
        """Something that can't be right, beside a row that may be."""
        ways = (
            self.unknown, self.empty, self.misspelt, self.twice, self.within_itself, self.ring,
            self.backwards, self.overlapping, self.taken,
        )  # fmt: skip
        wrong = self.chance.choice(ways)() or self.unknown()
        return group_by_model([*self.create(), *wrong])

    def found(self, models: Models) -> list[tuple[type[Row], Values]]:
        """One row on record of one of these kinds, if there is any."""
        there = [model for model in self.kinds if model in models and self.live[model]]
        if not there:
            return []
        model = self.chance.choice(there)
        return [(model, self.chance.choice(list(self.live[model].values())))]

    def named(self, model: type[Row], row: Values) -> Cells:
        """By what a row of a file says which row on record it is."""
        key = {"key": row["id"]}
        return key | {"code": row["code"]} if issubclass(model, Thing) else key

    def told(self, model: type[Row], row: Values, columns: Iterable[str]) -> Cells:
        """Return some columns of a row on record as a file tells them."""
        targets = dict(referenced_models(model))

        def cell(column: str) -> str:
            value = row[column]
            if value is not None and column in targets:
                value = self.live[targets[column]][value].get("code", value)
            return "" if value is None else str(value)

        return {column_heading(column): cell(column) for column in columns}

    # What may be right.

    def new(self, model: type[Row], **given: str) -> Entered:
        self.number += 1
        key = f"{model_table(model).name}_{self.number}"
        cells = self.rows.row(model, key) | given
        if issubclass(model, Thing) and not self.chance.randrange(5):
            cells["key"] = f"{key}_for_ever"
        self.rows.codes.setdefault(model, []).append(cells[key_heading(model)])
        return [(model, cells)]

    def create(self) -> Entered:
        return self.new(self.chance.choice(self.kinds))

    def correct(self) -> Entered:
        """Return some columns of a row; the others stay."""
        entered: Entered = []
        for model, row in self.found(MODELS):
            [_, *cells] = self.rows.row(model, row["id"]).items()
            some = {name: text for name, text in cells if not self.chance.randrange(3)}
            entered.append((model, self.named(model, row) | some))
        return entered

    def retract(self) -> Entered:
        return [(model, {"key": row["id"], **RETRACTED}) for model, row in self.found(FACTS)]

    def reinstate(self) -> Entered:
        return [(model, {"key": row["id"], **VERIFIED}) for model, row in self.found(FACTS)]

    def move(self) -> Entered:
        return [
            (
                model,
                self.named(model, row) | {"parent": self.rows.one(["", *self.rows.codes[model]])},
            )
            for model, row in self.found(TREES)
        ]

    def close(self) -> Entered:
        return [
            (model, self.named(model, row) | {end_column(model): self.rows.one(DATES)})
            for model, row in self.found(SPELLS)
        ]

    def rejoin(self) -> Entered:
        """Another spell of the pair, long after this one has ended."""
        entered: Entered = []
        for model, row in self.found(PAIRED):
            over = {start_column(model): "2019", end_column(model): "2019-06"}
            entered.append((model, self.named(model, row) | over))
            entered += self.new(
                model, **self.told(model, row, pair_columns(model)), **{start_column(model): "2023"}
            )
        return entered

    def swap(self) -> Entered:
        """Two rows take each other's unique values, codes among them."""
        entered: Entered = []
        for model, one in self.found(UNIQUE + THINGS):
            other = self.chance.choice(list(self.live[model].values()))
            columns = self.chance.choice(list(unique_keys(model)))
            for row, values in ((one, other), (other, one)):
                taken = self.told(model, values, columns)
                entered.append((model, self.named(model, row) | taken))
        return entered

    def recode(self) -> Entered:
        self.number += 1
        return [
            (model, self.named(model, row) | {"code": f"new_{self.number}"})
            for model, row in self.found(THINGS)
        ]

    # What can't be right. Where the row that it takes isn't there: nothing.

    def unknown(self) -> Entered:
        [(model, row)] = self.create()
        column = self.chance.choice([column for column, _ in referenced_models(model)])
        return [(model, row | {column_heading(column): "nowhere"})]

    def empty(self) -> Entered:
        [(model, row)] = self.create()
        needed = [
            name for name, column in columns_by_heading(model).items() if is_required(model, column)
        ]
        return [(model, row | {self.chance.choice(needed): ""})] if needed else []

    def misspelt(self) -> Entered:
        [(model, row)] = self.create()
        return [
            (model, row | {key_heading(model): self.rows.one(["", "名", "a b", "-", "a" * 81])})
        ]

    def twice(self) -> Entered:
        return self.create() * 2

    def within_itself(self) -> Entered:
        """Or within a region inside it."""
        entered: Entered = []
        for model, row in self.found(TREES):
            rows = self.live[model]
            below = [
                one["code"] for id, one in rows.items() if row["id"] in ancestor_line(rows, id)
            ]
            entered.append((model, self.named(model, row) | {"parent": self.rows.one(below)}))
        return entered

    def ring(self) -> Entered:
        entered: Entered = []
        for model, _ in self.found(TREES):
            [(_, one)], [(_, other)] = self.new(model), self.new(model)
            key = key_heading(model)
            entered += [
                (model, one | {"parent": other[key]}),
                (model, other | {"parent": one[key]}),
            ]
        return entered

    def backwards(self) -> Entered:
        return [
            (
                model,
                self.named(model, row) | {start_column(model): "2021", end_column(model): "2020"},
            )
            for model, row in self.found(SPELLS)
        ]

    def overlapping(self) -> Entered:
        """Return a second spell of a pair, as long as the first."""
        entered: Entered = []
        for model, row in self.found(PAIRED):
            first, *_ = pair_columns(model)
            if row["status"] != FactStatus.RETRACTED and row[first] is not None:
                same = self.told(
                    model, row, [*pair_columns(model), start_column(model), end_column(model)]
                )
                entered += self.new(model, **same, status="ASSERTED")
        return entered

    def taken(self) -> Entered:
        """Return a new row with the unique values of another."""
        entered: Entered = []
        for model, row in self.found(UNIQUE + THINGS):
            columns = self.chance.choice(list(unique_keys(model)))
            if all(row[column] is not None for column in columns):
                [(_, cells)] = self.new(model)
                key = {"key": cells[key_heading(model)]}
                entered.append((model, cells | key | self.told(model, row, columns)))
        return entered


def group_by_model(entered: Iterable[tuple[type[Row], Cells]]) -> Batch:
    batch: Batch = {}
    for model, row in entered:
        batch.setdefault(model, []).append(row)
    return batch


def start_column(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[0]


def end_column(model: type[Row]) -> str:
    assert issubclass(model, Spell)
    return model.bounds[1]


def pair_columns(model: type[Row]) -> tuple[str, ...]:
    assert issubclass(model, Spell)
    return model.pair


def is_required(model: type[Row], column: Column[Any]) -> bool:
    return not column.nullable and model.model_fields[column.key].is_required()
