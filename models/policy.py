import re

from kit.partial_date import PartialDate
from kit.words import Labelled
from kit.written import label
from models.row import Thing, may_refer_to, maybe_prose, maybe_text, partial_date, words

BRACKETED_YEAR = re.compile(r"[\[(（［【〔〈<](\d{4})[\])）］】〕〉>]")


def document_number(text: str) -> str:
    """Without spaces, the year in the brackets that GB/T 9704 prescribes: 青政发〔2022〕3号."""
    return BRACKETED_YEAR.sub(r"〔\1〕", "".join(label(text).split()))


class PolicyKind(Labelled):
    PLAN = "PLAN", "规划"
    OPINION = "OPINION", "意见"
    MEASURES = "MEASURES", "办法"
    SCHEME = "SCHEME", "方案"
    CATALOGUE = "CATALOGUE", "目录"
    CONTRACT = "CONTRACT", "集体合同"
    PACKAGE = "PACKAGE", "政策包"
    OTHER = "OTHER", "其他"


class Policy(Thing, table=True):
    """A document that rules are made in; `document_number` is its 文号."""

    policy_kind: PolicyKind = words(PolicyKind)
    document_number: str | None = maybe_text(document_number)
    issuer_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    issued_on: PartialDate | None = partial_date()
    content: str | None = maybe_prose()
