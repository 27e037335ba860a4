from sqlmodel import Field

from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models.row import Thing, enum_column, optional_reference, optional_text, partial_date_column


class EventKind(LabelledEnum, description="Type of event. 活动类别"):
    CEREMONY = "CEREMONY", "典礼"
    CONGRESS = "CONGRESS", "代表大会", "Congress of delegates"
    EXHIBITION = "EXHIBITION", "展示展评", "Exhibition with judging"
    EXCHANGE = "EXCHANGE", "交流"
    MEETING = "MEETING", "会议"
    OBSERVANCE = "OBSERVANCE", "纪念日", "Commemorative day"
    OTHER = "OTHER", "其他"


class Event(Thing, table=True):
    """An event. `held_as_published` is a date without a year, or one as vague as 日前."""

    event_kind: EventKind = enum_column(EventKind)
    held_on: PartialDate | None = partial_date_column()
    held_as_published: str | None = optional_text()
    yearly: bool | None = Field(default=None)
    organiser_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
