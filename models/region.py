from collections.abc import Iterator
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from kit.partial_date import PartialDate
from models.row import (
    DatedSpell,
    Level,
    Part,
    Thing,
    identifier,
    optional_enum,
    optional_reference,
    optional_text,
    partial_date_column,
    reference,
    spell_order_check,
    text_column,
)


class Region(Thing, DatedSpell, table=True):
    """A division by its GB/T 2260 code, or an overlay zone that lies in one.

    `started` and `ended` bound the code: a division whose code changed is another region, and a
    succession says which.
    """

    __table_args__ = (spell_order_check(),)
    # The outermost of the level: a province is its own province, a city its own city, and so on.
    outermost: ClassVar[frozenset[str]] = frozenset({"province_id", "city_id", "district_id"})
    derived: ClassVar[frozenset[str]] = outermost | {"current_id"}

    level: Level | None = optional_enum(Level)
    parent_id: str | None = optional_reference("region")
    province_id: str | None = optional_reference("region")
    city_id: str | None = optional_reference("region")
    district_id: str | None = optional_reference("region")
    # Itself, or for one with successors the innermost that it lies in and that has none.
    current_id: str | None = optional_reference("region")


class FormerName(Part, table=True):
    """A name that a region had before, under the same code."""

    __tablename__ = "former_name"

    region_id: str = reference("region")
    name: str = text_column()
    started: PartialDate | None = partial_date_column()
    ended: PartialDate | None = partial_date_column()


class RegionSuccession(Part, table=True):
    """A region that ended, and one that took over its land, or some of it.

    With several successors it was divided.
    """

    __tablename__ = "region_succession"
    __table_args__ = (UniqueConstraint("region_id", "successor_id"),)

    region_id: str = reference("region")
    successor_id: str = reference("region")
    since: PartialDate | None = partial_date_column()
    decree: str | None = optional_text()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("region_id") == values.get("successor_id"):
            yield "successor_id", "is the region itself."


class RegionAncestor(SQLModel, table=True):
    """The tree as pairs: every region is its own ancestor, 0 away.

    A region lies in its parent. One that was taken over lies in its successor, one that was divided
    in the innermost region in which all its successors lie.
    """

    __tablename__ = "region_ancestor"

    region_id: str = identifier(foreign_key="region.id", primary_key=True)
    ancestor_id: str = identifier(foreign_key="region.id", primary_key=True, index=True)
    distance: int = Field()
