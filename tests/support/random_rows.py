"""Rows of every kind made by chance, as a file would bring them: few values, so that they meet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Integer

from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from feeds.csv_folder import columns_by_heading, csv_name_of
from kit.db.column_types import EnumText, FixedDecimal, PartialDateText
from kit.errors import ImportRejected
from models.competition import Result
from models.history import model_table, table_models
from models.honour import Conferral
from models.row import Row
from models.source import Citation, Source
from models.training import Mentorship, Qualification
from models.worker import Worker
from resolvers.core.declare import REGISTRY
from resolvers.writing.proposal import key_column, referenced_models
from tests.support.graph import RowFactory

Cells = dict[str, str]
Batch = dict[type[Row], list[Cells]]

MODELS = sorted(
    (model for model in table_models() if model is not Citation),
    key=lambda model: model_table(model).metadata.sorted_tables.index(model_table(model)),
)

NAMES = ["甲", "乙", "丙", "重庆", "Zoe", "zoe", "“甲”"]
DATES = ["2020", "2019-06", "2020-06-15", "2023", "2022-12-31", "2035", "2036-03"]
CREDIT_CODES = ["91350211M000100Y46", "91110000600037341L", "52370200MJD0000004"]
UNITS = ["person", "yuan"]

# How many times as many examples are run as in `make test`.
TIMES = {"prove": 50, "fuzz": 50}.get(settings.get_current_profile_name(), 1)
SHARE = settings.get_current_profile_name() == "share"  # of `make prove`, by a seed


def max_examples(number: float) -> settings:
    return settings(max_examples=round(number * TIMES))


def seeded_randoms(seed: str) -> st.SearchStrategy[Random]:
    """For examples that choose thousands of times.

    Of Hypothesis's own choices each takes ten times as long; and an example that makes more of them
    than it takes is given up half-way, with whatever was written for it.
    """
    return st.integers(0, 2**32).map(lambda number: Random(f"{seed} {number}"))


def shrinkable_randoms(seed: str) -> st.SearchStrategy[Random]:
    """Return examples: the first is a full one, others can shrink choice by choice."""
    return seeded_randoms(seed) | st.randoms(use_true_random=False)


@dataclass
class RowGenerator:
    """Rows satisfy the constraints of their model; the rest is random."""

    chance: Random
    codes: dict[type[Row], list[str]] = field(default_factory=dict)  # what may be referred to

    def row(self, model: type[Row], key: str) -> Cells:
        columns = columns_by_heading(model)
        row = {key_heading(model): key}
        row |= {name: self.cell(model, column) for name, column in columns.items()}
        for constraint in model_table(model).constraints:
            if names := constraint.info.get("one_of"):
                self.choose(model, row, names, may_be_none="or_none" in constraint.info)
        for name, column in columns.items():
            if name.endswith("_qualifier") and column.nullable:
                self.fill(model, row, name.removesuffix("_qualifier"))
        return row

    def cell(self, model: type[Row], column: Column[Any]) -> str:
        unlikely = {"owner_id": 4, "note": 4, "status": 2, "audience": 3}.get(column.key, 1)
        if (column.nullable or unlikely > 1) and self.chance.randrange(unlikely + 2) < unlikely:
            return ""
        return self.value(model, column)

    def value(self, model: type[Row], column: Column[Any]) -> str:
        if column.key == "source_id":
            return ";".join(self.some(self.codes.get(Source, []), most=2))
        if target := dict(referenced_models(model)).get(column.key):
            return self.one(self.codes.get(target, []))
        if column.key.endswith("_unit"):
            return self.one(UNITS)
        if column.key == "credit_code":
            return self.one(CREDIT_CODES)
        match column.type:
            case EnumText(words=words):
                return self.one([word.value for word in words])
            case PartialDateText():
                return self.one(DATES)
            case Boolean():
                return self.one(["true", "false"])
            case Integer() | FixedDecimal():
                return self.number(column)
        return self.one(NAMES)

    def number(self, column: Column[Any]) -> str:
        least, most = 1, None
        for constraint in column.table.constraints:
            if constraint.info.get("within", ("",))[0] == column.key:
                _, least, most = constraint.info["within"]
        known = self.chance.randrange(4)
        if most is not None and most > 2000:
            return str(2020 + known)
        decimal = isinstance(column.type, FixedDecimal) and known == 3
        return str(least + known) + (".125" if decimal else "")

    def choose(self, model: type[Row], row: Cells, names: Iterable[str], may_be_none: bool) -> None:
        """Exactly one of these columns, or at most one."""
        columns = {name.removesuffix("_id"): model_table(model).c[name] for name in names}
        values = {name: self.value(model, column) for name, column in columns.items()}
        row |= dict.fromkeys(columns, "")
        filled = [name for name in values if values[name]]
        if filled and (not may_be_none or self.chance.randrange(3)):
            chosen = self.one(filled)
            row[chosen] = values[chosen]

    def fill(self, model: type[Row], row: Cells, prefix: str) -> None:
        """Fill quantities whole, or not at all."""
        there = self.chance.randrange(3) > 0
        for part in ("value", "unit", "qualifier"):
            name = f"{prefix}_{part}"
            row[name] = self.value(model, model_table(model).c[name]) if there else ""

    def one(self, values: list[str]) -> str:
        return self.chance.choice(values) if values else ""

    def some(self, values: list[str], most: int) -> list[str]:
        found = [self.one(values) for _ in range(self.chance.randint(1, most))]
        return list(dict.fromkeys(found))


def key_heading(model: type[Row]) -> str:
    return "code" if key_column(model) == "code" else "key"


@cache
def lists_of_kind(kind: Kind) -> list[ToMany]:
    """Return the lists that lead to a kind from another."""
    links = [link for source in REGISTRY.kinds.values() for link in source.links.values()]
    return [link for link in links if isinstance(link, ToMany) and link.to is kind]


async def enter_valid_rows(make: RowFactory, batch: Batch) -> Batch:
    """Return what isn't refused, and what isn't any more when the refused rows are gone."""
    while any(batch.values()):
        try:
            await make(**{csv_name_of(model)[:-4]: rows for model, rows in batch.items()})
        except ImportRejected as refused:
            batch = without_refused(batch, refused)
        else:
            return batch
    return {}


def without_refused(batch: Batch, refused: ImportRejected) -> Batch:
    wrong = {(problem.file, problem.line) for problem in refused.problems}
    left = {
        model: [row for line, row in enumerate(rows, 2) if (csv_name_of(model), line) not in wrong]
        for model, rows in batch.items()
    }
    assert sum(map(len, left.values())) < sum(map(len, batch.values())), refused.problems
    return {model: rows for model, rows in left.items() if rows}


async def populate(make: RowFactory, chance: Random, size: int) -> RowGenerator:
    """Return a registry with some rows of every kind; more rows may refer to them."""
    rows = RowGenerator(chance)
    for model in MODELS:
        keys = rows.codes[model] = []
        for attempt in range(5):
            fresh = []
            for number in range(size - len(keys)):
                fresh.append(rows.row(model, f"{model_table(model).name}_{attempt}{number}"))
            entered = await enter_valid_rows(make, {model: fresh})
            keys += [row[key_heading(model)] for row in entered.get(model, [])]
        assert keys, f"Of no generated {model.__name__} it was found that it is right."
    await publish_people(make, rows)
    return rows


async def publish_people(make: RowFactory, rows: RowGenerator) -> None:
    """Publish people with their facts: they are never public by default."""
    shown: Batch = {
        model: [
            {key_heading(model): key, "audience": "PUBLIC"} for key in rows.codes[model][::step]
        ]
        for model, step in ((Qualification, 2), (Result, 1), (Conferral, 1), (Worker, 1))
    }
    await enter_valid_rows(make, shown)  # a person and what is told of them: together
    pairs = [{"key": key, "audience": "PUBLIC"} for key in rows.codes[Mentorship][::2]]
    await enter_valid_rows(make, {Mentorship: pairs})
