import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from kit.db.column_types import NormalizedText
from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models import credit_code
from models.row import (
    KEY_LENGTH,
    Part,
    Thing,
    enum_column,
    optional_reference,
    optional_text,
    partial_date_column,
    reference,
    text_column,
)


class OrganisationKind(LabelledEnum, description="Type of organisation. 单位类别"):
    UNION = "UNION", "工会", "Trade union"
    ENTERPRISE = "ENTERPRISE", "企业"
    VOCATIONAL_COLLEGE = "VOCATIONAL_COLLEGE", "职业院校"
    UNIVERSITY = "UNIVERSITY", "高等学校"
    SCHOOL = "SCHOOL", "学校"
    GOVERNMENT = "GOVERNMENT", "政府机关", "Government body"
    ASSOCIATION = "ASSOCIATION", "协会"
    COORDINATION_BODY = "COORDINATION_BODY", "联席会议", "Joint conference of several bodies"
    TRAINING_BODY = "TRAINING_BODY", "实训机构", "Body that runs practical training"
    TEAM = "TEAM", "班组", "Work team"
    OTHER = "OTHER", "其他"


# Students of these schools may be minors. 职业院校 covers colleges and the schools below them, so
# the name decides.
SCHOOL_BY_NAME = re.compile(
    "小学|中学|初中|高中|中专|中职|中等|职高|技校|职教中心|职业教育中心|(?<!专科)学校"
)


def is_below_college(organisation: Mapping[str, Any]) -> bool:
    kind = organisation["organisation_kind"]
    if kind == OrganisationKind.VOCATIONAL_COLLEGE:
        return SCHOOL_BY_NAME.search(organisation["name"] or "") is not None
    return bool(kind == OrganisationKind.SCHOOL)


class Organisation(Thing, table=True):
    organisation_kind: OrganisationKind = enum_column(OrganisationKind)
    # 统一社会信用代码 (GB 32100-2015)
    credit_code: str | None = Field(
        default=None,
        sa_type=NormalizedText(credit_code.canonical_credit_code, KEY_LENGTH),
        nullable=True,
        unique=True,
    )
    region_id: str | None = optional_reference("region")
    industry_id: str | None = optional_reference("industry")
    industry_as_published: str | None = optional_text()
    parent_id: str | None = optional_reference("organisation")

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        code = values.get("credit_code")
        if code is None or (reason := credit_code.credit_code_fault(code)) is None:
            return
        # Some codes were issued against the standard; a note confirms that the code was checked.
        if reason == credit_code.IDENTITY_REFUSED or not values.get("note"):
            yield "credit_code", reason


class OrganisationFormerName(Part, table=True):
    """A former name of an organisation, entered, or recorded when the name was changed.

    Visible only to viewers who may see the organisation.
    """

    __tablename__ = "organisation_former_name"

    organisation_id: str = reference("organisation")
    name: str = text_column()
    started: PartialDate | None = partial_date_column()
    ended: PartialDate | None = partial_date_column()


class OrganisationSuccession(Part, table=True):
    """A merged or divided organisation with a successor.

    Facts stay with the organisation that they were recorded for. Visible only to viewers who may
    see both organisations.
    """

    __tablename__ = "organisation_succession"
    __table_args__ = (UniqueConstraint("organisation_id", "successor_id"),)

    organisation_id: str = reference("organisation")
    successor_id: str = reference("organisation")
    since: PartialDate | None = partial_date_column()
    decree: str | None = optional_text()

    @classmethod
    def problems(cls, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if values.get("organisation_id") == values.get("successor_id"):
            yield "successor_id", "is the organisation itself."
