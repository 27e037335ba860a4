from sqlmodel import Field

from kit.partial_date import PartialDate
from kit.words import Labelled
from models.row import Thing, may_refer_to, maybe_text, partial_date, words


class EventKind(Labelled):
    CEREMONY = "CEREMONY", "典礼"
    CONGRESS = "CONGRESS", "代表大会"
    EXHIBITION = "EXHIBITION", "展示展评"
    EXCHANGE = "EXCHANGE", "交流"
    MEETING = "MEETING", "会议"
    OBSERVANCE = "OBSERVANCE", "纪念日"
    OTHER = "OTHER", "其他"


class Event(Thing, table=True):
    """`held_as_published` keeps a date that names no year, or no more than 日前."""

    event_kind: EventKind = words(EventKind)
    held_on: PartialDate | None = partial_date()
    held_as_published: str | None = maybe_text()
    yearly: bool | None = Field(default=None)
    organiser_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
