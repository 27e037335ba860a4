"""Personal data, which only the keys can decrypt, and the legal bases for it.

None of these tables is a `Row`: values are never in histories, changes or exports, and an erased
value leaves no earlier version.
"""

from datetime import date, datetime

from sqlalchemy import Date, Index, false
from sqlmodel import Field, SQLModel

from kit.db.column_types import UtcDateTime
from kit.values.labelled_enum import LabelledEnum
from models.row import enum_column, identifier, reference, verbatim_column


class FieldGroup(LabelledEnum):
    """Groups of fields with one legal basis and one retention period."""

    DOCUMENTS = "DOCUMENTS", "证件"
    CONTACT = "CONTACT", "联系方式"
    BIRTH = "BIRTH", "出生日期"
    STUDY = "STUDY", "学号与证书编号"


class PersonalField(
    LabelledEnum,
    description="Personal data fields. They are stored encrypted, apart from the records. "
    "个人信息字段",
):
    RESIDENT_ID = "RESIDENT_ID", "居民身份证"
    PASSPORT = "PASSPORT", "护照"
    PERMANENT_RESIDENCE = "PERMANENT_RESIDENCE", "外国人永久居留身份证"
    HONG_KONG_MACAO_PERMIT = "HONG_KONG_MACAO_PERMIT", "港澳居民来往内地通行证"
    TAIWAN_PERMIT = "TAIWAN_PERMIT", "台湾居民来往大陆通行证"
    HONG_KONG_MACAO_RESIDENCE = "HONG_KONG_MACAO_RESIDENCE", "港澳居民居住证"
    TAIWAN_RESIDENCE = "TAIWAN_RESIDENCE", "台湾居民居住证"
    PHONE = "PHONE", "电话"
    BIRTH_DATE = "BIRTH_DATE", "出生日期"
    STUDENT_NUMBER = "STUDENT_NUMBER", "学号"
    CERTIFICATE_NUMBER = "CERTIFICATE_NUMBER", "证书编号"

    @property
    def group(self) -> FieldGroup:
        return GROUP_BY_FIELD.get(self, FieldGroup.DOCUMENTS)


GROUP_BY_FIELD = {
    PersonalField.PHONE: FieldGroup.CONTACT,
    PersonalField.BIRTH_DATE: FieldGroup.BIRTH,
    PersonalField.STUDENT_NUMBER: FieldGroup.STUDY,
    PersonalField.CERTIFICATE_NUMBER: FieldGroup.STUDY,
}


class Basis(LabelledEnum):
    """Legal bases of PIPL (个人信息保护法), article 13."""

    CONSENT = "CONSENT", "个人同意"
    CONTRACT = "CONTRACT", "合同或人力资源管理所必需"
    LEGAL_DUTY = "LEGAL_DUTY", "法定职责或义务"
    EMERGENCY = "EMERGENCY", "突发公共卫生事件或紧急情况"
    PUBLIC_INTEREST = "PUBLIC_INTEREST", "公共利益的新闻报道与舆论监督"
    DISCLOSED = "DISCLOSED", "已合法公开"
    OTHER_LAW = "OTHER_LAW", "法律、行政法规规定的其他情形"


class PersonalValue(SQLModel, table=True):
    """One encrypted value of a person.

    `fact_id` is the enrolment or certificate whose number it is, else ''. `owner_id` is the
    organisation that supplied it. `mark` is the blind index. Birth dates have none: many people
    share one, and a rare one would identify its person.
    """

    __tablename__ = "personal_value"
    __table_args__ = (Index(None, "mark"),)

    worker_id: str = identifier(foreign_key="worker.id", primary_key=True)
    field: PersonalField = enum_column(PersonalField, primary_key=True)
    fact_id: str = identifier(primary_key=True)
    sealed: str = verbatim_column()
    mark: str | None = verbatim_column(default=None, nullable=True)
    owner_id: str = identifier(index=True)
    typed_by: str = verbatim_column()
    recorded_at: datetime = Field(sa_type=UtcDateTime())


class PersonalSubject(SQLModel, table=True):
    """A person who has or had personal data; the access log has only the pseudonym.

    `minor_until` and `child_until` are the last days of the years of the 18th and 14th birthday,
    while these are in the future: exact enough for the rules, without disclosing the birth date.
    `of_age` is true once a birth date or an import states that the person is 18.
    """

    __tablename__ = "personal_subject"

    worker_id: str = identifier(foreign_key="worker.id", primary_key=True)
    pseudonym: str = identifier(unique=True)
    minor_until: date | None = Field(default=None, sa_type=Date, nullable=True)
    child_until: date | None = Field(default=None, sa_type=Date, nullable=True)
    guardian_agreed: bool = Field(default=False)
    of_age: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class LegalBasis(SQLModel, table=True):
    """A partner's legal basis for storing and reading a group of fields, with its period."""

    __tablename__ = "legal_basis"

    id: str = identifier(primary_key=True)
    partner_id: str = reference("organisation")
    field_group: FieldGroup = enum_column(FieldGroup)
    basis: Basis = enum_column(Basis)
    agreed_on: date = Field(sa_type=Date)
    purpose: str = verbatim_column()
    expires: date | None = Field(default=None, sa_type=Date, nullable=True)
    typed_by: str = verbatim_column()
    recorded_at: datetime = Field(sa_type=UtcDateTime())
