import re

from kit.text.normalization import normalize_label
from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models.row import (
    Thing,
    enum_column,
    optional_prose,
    optional_reference,
    optional_text,
    partial_date_column,
)

BRACKETED_YEAR = re.compile(r"[\[(（［【〔〈<](\d{4})[\])）］】〕〉>]")


def normalized_document_number(text: str) -> str:
    """Return it without spaces, with the year in brackets as in GB/T 9704: 青政发〔2022〕3号."""
    return BRACKETED_YEAR.sub(r"〔\1〕", "".join(normalize_label(text).split()))


class PolicyKind(LabelledEnum, description="Type of policy document. 政策类别"):
    PLAN = "PLAN", "规划"
    OPINION = "OPINION", "意见", "Guiding opinions"
    MEASURES = "MEASURES", "办法", "Rules for implementation"
    SCHEME = "SCHEME", "方案"
    CATALOGUE = "CATALOGUE", "目录"
    CONTRACT = "CONTRACT", "集体合同", "Collective contract"
    PACKAGE = "PACKAGE", "政策包", "Package of policies"
    OTHER = "OTHER", "其他"


class Policy(Thing, table=True):
    """A document that states rules. `document_number` is its 文号."""

    policy_kind: PolicyKind = enum_column(PolicyKind)
    document_number: str | None = optional_text(normalized_document_number)
    issuer_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
    issued_on: PartialDate | None = partial_date_column()
    content: str | None = optional_prose()
