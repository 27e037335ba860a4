from collections.abc import Iterator
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from kit.values.partial_date import PartialDate
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
    """A division with its GB/T 2260 code, or an overlay zone inside one.

    `started` and `ended` are the validity of the code. A division with a new code is a new region,
    linked by a succession.
    """

    __table_args__ = (spell_order_check(),)
    # Columns with the ancestor of a fixed level, or the region itself: a province is its own one.
    outermost: ClassVar[frozenset[str]] = frozenset({"province_id", "city_id", "district_id"})
    derived: ClassVar[frozenset[str]] = outermost | {"current_id"}

    level: Level | None = optional_enum(Level)
    parent_id: str | None = optional_reference("region")
    province_id: str | None = optional_reference("region")
    city_id: str | None = optional_reference("region")
    district_id: str | None = optional_reference("region")
    # The region itself; if it has successors, its innermost ancestor without a successor.
    current_id: str | None = optional_reference("region")


class FormerName(Part, table=True):
    """A former name of a region under the same code."""

    __tablename__ = "former_name"

    region_id: str = reference("region")
    name: str = text_column()
    started: PartialDate | None = partial_date_column()
    ended: PartialDate | None = partial_date_column()


class RegionSuccession(Part, table=True):
    """An ended region with a successor that took over all or part of its land.

    Several successors mean that it was divided.
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
    """The closure table of the tree. Every region is its own ancestor, at distance 0.

    The parent of a region is an ancestor. A region with one successor is in that successor; a
    divided one is in the innermost region that contains all its successors.
    """

    __tablename__ = "region_ancestor"

    region_id: str = identifier(foreign_key="region.id", primary_key=True)
    ancestor_id: str = identifier(foreign_key="region.id", primary_key=True, index=True)
    distance: int = Field()
