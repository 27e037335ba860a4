"""Which records a partner may see, worked out in plain Python from the stored rows alone.

It shares no code with the service: what the rules say is written down a second time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from kit.relay.global_id import to_global_id
from models.partner import Role
from models.row import Audience, FactStatus
from models.studio import StudioRole
from models.worker import Grade
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.declare import REGISTRY

VIEWERS = [
    PUBLIC,
    partner_viewer(Role.COLLEGE, "demo_college"),
    partner_viewer(Role.ALLIANCE, "demo_union_a"),
    partner_viewer(Role.UNION, "demo_union_a", "demo_province_north"),
    Viewer("a worker", worker="demo_trainee_2022_001"),
    OPERATOR,
]
# Where a row without a region lies: where these lie, in whichever table they are.
HOLDERS = {
    "worker_id": "worker",
    "trainee_id": "worker",
    "mentor_id": "worker",
    "apprentice_id": "worker",
    "organisation_id": "organisation",
    "college_id": "organisation",
    "studio_id": "studio",
    "academy_id": "academy",
    "alliance_id": "alliance",
    "service_team_id": "service_team",
    "challenge_id": "challenge",
    "outcome_id": "outcome",
}
PEOPLE = [name for name, table in HOLDERS.items() if table == "worker"]
Stored = Mapping[str, Any]


KINDS = {kind.table.name: kind.name for kind in REGISTRY.kinds.values()}


@cache
def record_id(table: str, key: str) -> str:
    """Cache the ids of a registry, which is read many times."""
    return to_global_id(KINDS[table], key)


class VisibilityOracle:
    def __init__(self, rows: dict[str, dict[str, Stored]]) -> None:
        self.rows = rows  # by table and key
        self.seen: dict[Viewer, set[str]] = {}
        self.above: dict[str, list[str]] = {}  # what `upward` has worked out

    @classmethod
    async def of(cls, engine: AsyncEngine) -> "VisibilityOracle":
        async with engine.connect() as connection:
            return await cls({}).read(connection, [kind.table for kind in REGISTRY.kinds.values()])

    async def read(
        self, connection: AsyncConnection, tables: Iterable[Table]
    ) -> "VisibilityOracle":
        """Return the same with the present rows of these tables, also uncommitted ones."""
        found = dict(self.rows)
        for table in tables:
            rows = (await connection.execute(select(table))).mappings()
            found[table.name] = {row["id"]: dict(row) for row in rows}
        return VisibilityOracle(found)

    def ids(self, viewer: Viewer) -> set[str]:
        """Return the ids of all that the viewer may see."""
        if viewer not in self.seen:
            self.seen[viewer] = self.found(viewer)
        return self.seen[viewer]

    def found(self, viewer: Viewer) -> set[str]:
        shared = self.shared_with(viewer)
        return {
            self.id(table, row)
            for table, rows in self.rows.items()
            for row in rows.values()
            if self.sees(viewer, shared, row)
        }

    def shows(self, viewer: Viewer, row: Stored) -> bool:
        return self.sees(viewer, self.shared_with(viewer), row)

    def shared_with(self, viewer: Viewer) -> set[str]:
        return self.sharers(viewer.organisation) if viewer.role is Role.ALLIANCE else set()

    def id(self, table: str, row: Stored) -> str:
        return record_id(table, row["id"])

    def all_ids(self) -> set[str]:
        return self.ids(OPERATOR)

    def sees(self, viewer: Viewer, shared: set[str], row: Stored) -> bool:
        if viewer is OPERATOR or row["audience"] == Audience.PUBLIC:
            return True
        if viewer.worker is not None:
            return viewer.worker in {row[name] for name in PEOPLE if name in row} or (
                row is self.rows["worker"].get(viewer.worker)
            )
        if viewer.organisation is None:
            return False
        if row["owner_id"] == viewer.organisation and (
            viewer.role is not Role.ALLIANCE or self.of_its_alliances(viewer, row)
        ):
            return True
        if row["audience"] == Audience.SHARED and row["owner_id"] in shared:
            return True
        if row["audience"] == Audience.PROTECTED:
            return False
        return viewer.region is not None and any(
            viewer.region in self.upward(region) for region in self.regions(row, viewer)
        )

    def of_its_alliances(self, viewer: Viewer, row: Stored) -> bool:
        """Whether a row is an alliance that the viewer's organisation convenes, or about one."""
        alliance = self.rows["alliance"].get(row.get("alliance_id") or row["id"])
        if alliance is None or alliance["convenor_id"] != viewer.organisation:
            return False
        return row is alliance or "alliance_id" in row

    def regions(self, row: Stored, viewer: Viewer) -> list[str]:
        if "lies_in_id" in row:
            return [self.lies_in(row)]
        if "region_id" in row:
            return [row["region_id"]]
        held = [(table, row[column]) for column, table in HOLDERS.items() if row.get(column)]
        holders = [(table, self.rows[table][key]) for table, key in held]
        return [
            holder["region_id"]
            for table, holder in holders
            if table != "worker"
            or holder["audience"] != Audience.PROTECTED
            or holder["owner_id"] == viewer.organisation
        ]

    def lies_in(self, row: Stored) -> Any:
        """Where the recipient of a fact lies."""
        if row.get("recipient_region_id"):
            return row["recipient_region_id"]
        recipient = self.recipient(row)
        return recipient and recipient["region_id"]

    def recipient(self, row: Stored) -> Stored | None:
        held = ((table, row[column]) for column, table in HOLDERS.items() if row.get(column))
        return next((self.rows[table][key] for table, key in held), None)

    # What follows from facts, to a viewer: from those alone that the viewer sees.

    def seen_by(self, viewer: Viewer, table: str) -> list[Stored]:
        shared = self.sharers(viewer.organisation) if viewer.role is Role.ALLIANCE else set()
        return [row for row in self.rows[table].values() if self.sees(viewer, shared, row)]

    def standing(self, viewer: Viewer, table: str) -> list[Stored]:
        rows = self.seen_by(viewer, table)
        return [row for row in rows if row["status"] != FactStatus.RETRACTED]

    def holding(self, viewer: Viewer, table: str, today: date) -> list[Stored]:
        return [
            row
            for row in self.standing(viewer, table)
            if (row["begins"] or date.min) <= today < (row["ends"] or date.max)
        ]

    def grades(self, viewer: Viewer) -> dict[str, Any]:
        """By worker."""
        held: dict[str, list[Any]] = {}
        for row in self.standing(viewer, "qualification"):
            if row["grade"]:
                held.setdefault(row["worker_id"], []).append(row["grade"])
        return {worker: max(grades, key=list(Grade).index) for worker, grades in held.items()}

    def employers(self, viewer: Viewer, today: date) -> dict[str, Any]:
        """By worker."""
        return self.latest(viewer, self.holding(viewer, "employment", today), "worker_id",
                           "organisation_id")  # fmt: skip

    def leaders(self, viewer: Viewer, today: date) -> dict[str, Any]:
        """By studio."""
        return self.latest(viewer, self.leading(viewer, today), "studio_id", "worker_id")

    def leading(self, viewer: Viewer, today: date) -> list[Stored]:
        rows = self.holding(viewer, "studio_membership", today)
        return [row for row in rows if row["studio_role"] == StudioRole.LEADER]

    def latest(
        self, viewer: Viewer, facts: Sequence[Stored], of: str, column: str
    ) -> dict[str, Any]:
        """Return the one that began last, then that of the newest source; None for a tie."""
        dates = {row["id"]: row["published_on"] for row in self.seen_by(viewer, "source")}
        held: dict[str, list[Any]] = {}
        for row in facts:
            place = (row["begins"] or date.min, dates.get(row["source_id"]) or "")
            held.setdefault(row[of], []).append((place, row[column]))
        found = {}
        for key, placed in held.items():
            first = max(place for place, _ in placed)
            values = {value for place, value in placed if place == first}
            found[key] = values.pop() if len(values) == 1 else None
        return found

    def region(self, viewer: Viewer, row: Stored) -> Any:
        """Of a fact: its recipient's, if that may be seen."""
        recipient = self.recipient(row)
        shared = self.sharers(viewer.organisation) if viewer.role is Role.ALLIANCE else set()
        if recipient is not None and not self.sees(viewer, shared, recipient):
            return None
        return self.lies_in(row)

    def upward(self, region: str | None) -> list[str]:
        if region is None:
            return []
        if region not in self.above:
            lines = [self.upward(heir) for heir in self.heirs.get(region, [])]
            shared = (
                [each for each in lines[0] if all(each in line for line in lines)] if lines else []
            )
            parents = shared or self.upward(self.rows["region"][region]["parent_id"])
            self.above[region] = [region, *parents]
        return self.above[region]

    @cached_property
    def heirs(self) -> dict[str, list[str]]:
        successors: dict[str, list[str]] = {}
        for row in self.rows["region_succession"].values():
            successors.setdefault(row["region_id"], []).append(row["successor_id"])
        return successors

    def sharers(self, convenor: str | None) -> set[str]:
        found = set()
        for membership in self.rows["alliance_membership"].values():
            alliance = self.rows["alliance"][membership["alliance_id"]]
            stands = membership["ends"] is None and membership["status"] != FactStatus.RETRACTED
            if alliance["convenor_id"] != convenor or not stands:
                continue
            found.add(membership["organisation_id"])
            for column, table in (("studio_id", "studio"), ("academy_id", "academy")):
                if membership[column]:
                    found.add(self.rows[table][membership[column]]["host_id"])
        return found - {None}
