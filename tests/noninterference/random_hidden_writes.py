"""Who writes, by chance, what a viewer may not see; whether that is so, the transaction judges."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, cast

from feeds.csv_folder import REGISTRY_OWNED, columns_by_heading
from kit.relay.global_id import to_global_id
from models.competition import Result
from models.history import model_table
from models.organisation import Organisation
from models.region import Region
from models.row import Audience, Row
from models.studio import Studio, StudioMembership, StudioRole
from models.training import Qualification
from models.worker import Employment, Grade, Worker
from resolvers.core.access import Viewer
from tests.support.random_rows import MODELS, Batch, Cells, key_heading
from tests.support.random_writes import SORTS, Entered, Models, WriteGenerator, group_by_model
from tests.support.recount import State, Values
from tests.support.visible_records import VisibilityOracle

LED = 10  # records of a kind that a hidden fact is about
AUDIENCE_COLUMNS = ("owner", "audience")
PLACING = {"parent", "level"}  # columns of a region


@dataclass(frozen=True)
class HiddenInterval:
    """A record whose versions between two that the viewer sees differ from registry to registry.

    With `first` there is none before: it is hidden when it is entered.
    """

    model: type[Row]
    key: str
    first: Cells
    hiding: Cells
    shown: Cells

    @property
    def id(self) -> str:
        return to_global_id(self.model.__name__, self.key)


class HiddenWriteGenerator(WriteGenerator):
    """Speaks of what the viewer doesn't see; refers to whatever there is."""

    def __init__(self, chance: Random, viewer: Viewer, name: str) -> None:
        super().__init__(chance)
        self.viewer, self.name = viewer, name
        self.truth = VisibilityOracle({})

    def read(self, truth: VisibilityOracle) -> None:
        self.truth = truth
        self.learn(cast(State, {model: truth.rows[model_table(model).name] for model in MODELS}))

    def sees(self, model: type[Row], row: Mapping[str, Any]) -> bool:
        return self.truth.id(model_table(model).name, row) in self.truth.ids(self.viewer)

    def elsewhere(self) -> str:
        """Return an organisation that isn't the viewer's."""
        rows = self.live[Organisation].values()
        return self.rows.one(
            sorted(row["code"] for row in rows if row["id"] != self.viewer.organisation)
        )

    def hiding(self) -> Cells:
        audience = self.chance.choice([Audience.OWNER, Audience.OWNER, Audience.SHARED])
        return {"owner": self.elsewhere(), "audience": audience.value}

    def found(self, models: Models) -> list[tuple[type[Row], Values]]:
        there = [model for model in self.kinds if model in models]
        hidden = [
            (model, row)
            for model in there
            for row in self.live[model].values()
            if not self.sees(model, row)
        ]
        return [self.chance.choice(hidden)] if hidden else []

    def shown(self, model: type[Row]) -> list[Values]:
        return [row for row in self.live[model].values() if self.sees(model, row)]

    def new(self, model: type[Row], **given: str) -> Entered:
        [(model, cells)] = super().new(model, **(self.hiding() | given))
        self.rows.codes[model].pop()
        key = f"{self.name}_{cells[key_heading(model)]}"
        self.rows.codes[model].append(key)
        return [(model, cells | {key_heading(model): key})]

    def batch(self) -> Batch:
        self.kinds = [*{self.chance.choice(MODELS): None for _ in range(4)}]
        self.kinds += [self.chance.choice(self.chance.choice(SORTS)) for _ in range(2)]
        entered = [
            *((model, row) for model, rows in super().batch().items() for row in rows),
            *self.create(),
            *self.create(),
            *self.lead(),
        ]
        merged: dict[tuple[type[Row], str], Cells] = {}
        for model, cells in entered:
            key = cells.get("key", cells.get("code", ""))
            merged.setdefault((model, key), {}).update(self.in_its_place(model, key, cells))
        return group_by_model((model, cells) for (model, _), cells in merged.items())

    def in_its_place(self, model: type[Row], key: str, cells: Cells) -> Cells:
        """Keep the place of a region: it is public, since the regions above count its records."""
        if model is not Region or key not in self.live[Region]:
            return cells
        return {name: text for name, text in cells.items() if name not in PLACING}

    def lead(self) -> Entered:
        """From what a column of a record that the viewer sees must not follow."""
        standing = {"status": "VERIFIED"}
        leading = standing | {"studio_role": StudioRole.LEADER.value, "joined": "2026", "left": ""}
        workers = [row["code"] for row in self.shown(Worker)]
        studios = [row["code"] for row in self.shown(Studio)]
        grades = [Grade.CHIEF_TECHNICIAN.value, Grade.APPRENTICE.value]
        found: Entered = []
        for worker in self.chance.sample(workers, min(LED, len(workers))):
            grade = self.chance.choice(grades)
            found += self.new(Qualification, worker=worker, grade=grade, **standing)
            found += self.new(Employment, worker=worker, started="2026-05", ended="", **standing)
        for studio in self.chance.sample(studios, min(LED, len(studios))):
            found += self.new(StudioMembership, studio=studio, **leading)
        return found + self.moved()

    def moved(self) -> Entered:
        """People who aren't seen, and whose results are, live elsewhere now."""
        holders = {row["worker_id"] for row in self.shown(Result)}
        people = [row for id, row in self.live[Worker].items() if id in holders]
        hidden = [row for row in people if not self.sees(Worker, row)]
        regions = [row["code"] for row in self.shown(Region)]
        return [
            (Worker, self.named(Worker, row) | {"region": self.chance.choice(regions)})
            for row in self.chance.sample(hidden, min(LED, len(hidden)))
        ]

    # What is seen in the end, and wasn't in between.

    def retold(self) -> Iterable[HiddenInterval]:
        for model in self.chance.sample(MODELS, len(MODELS)):
            if shown := self.shown(model):
                row = self.chance.choice(shown)
                named = self.named(model, row)
                again = named | self.told(model, row, self.columns(model))
                again |= {"owner": again.get("owner") or self.nobody(model)}
                yield HiddenInterval(model, row["id"], {}, named | self.hiding(), again)

    def come_to_light(self) -> Iterable[HiddenInterval]:
        for model in self.chance.sample(MODELS, len(MODELS)):
            [(_, cells)] = self.new(model)
            named = {"key": cells.get("key", cells[key_heading(model)])}
            shown = cells | named | {"audience": Audience.PUBLIC.value}
            yield HiddenInterval(model, named["key"], cells | named, {}, shown)

    def columns(self, model: type[Row]) -> list[str]:
        """Return the columns that enter a row on record again; its sources stay."""
        return [
            column.key for name, column in columns_by_heading(model).items() if name != "sources"
        ]

    def nobody(self, model: type[Row]) -> str:
        return REGISTRY_OWNED[1] if "status" in model_table(model).c else ""

    def between(self, retold: HiddenInterval) -> Cells:
        """Return another record that only its owner sees."""
        key = retold.shown[key_heading(retold.model)]
        [_, *cells] = self.rows.row(retold.model, key).items()
        names = {"key", "code"} & retold.shown.keys()
        kept = {name: retold.shown[name] for name in names}
        some = {
            name: text
            for name, text in cells
            if name not in {*AUDIENCE_COLUMNS, "sources", "status"} and not self.chance.randrange(3)
        }
        if "code" in kept and not self.chance.randrange(3):
            kept["code"] = f"{self.name}_{self.chance.randrange(10**6)}"
        return kept | some
