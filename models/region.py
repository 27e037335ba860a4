from typing import ClassVar

from sqlmodel import Field, SQLModel

from kit.partial_date import PartialDate
from models.row import (
    Lasting,
    Level,
    Part,
    Thing,
    in_order,
    key,
    may_refer_to,
    maybe_words,
    partial_date,
    refers_to,
    text,
)


class Region(Thing, Lasting, table=True):
    """A division by its GB/T 2260 code, or an overlay zone that lies in one.

    `started` and `ended` bound the code: a division whose code changed is another region.
    """

    __table_args__ = (in_order(),)
    derived: ClassVar[frozenset[str]] = frozenset({"province_id", "city_id", "district_id"})

    level: Level | None = maybe_words(Level)
    parent_id: str | None = may_refer_to("region")
    # The outermost of the level: a province is its own province, a city its own city, and so on.
    province_id: str | None = may_refer_to("region")
    city_id: str | None = may_refer_to("region")
    district_id: str | None = may_refer_to("region")


class FormerName(Part, table=True):
    """A name that a region had before, under the same code."""

    __tablename__ = "former_name"

    region_id: str = refers_to("region")
    name: str = text()
    started: PartialDate | None = partial_date()
    ended: PartialDate | None = partial_date()


class RegionAncestor(SQLModel, table=True):
    """The tree as pairs, written from `parent_id`: every region is its own ancestor, 0 away."""

    __tablename__ = "region_ancestor"

    region_id: str = key(foreign_key="region.id", primary_key=True)
    ancestor_id: str = key(foreign_key="region.id", primary_key=True, index=True)
    distance: int = Field()
