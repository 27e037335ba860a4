from kit.partial_date import PartialDate
from kit.words import Labelled
from models.row import Thing, may_refer_to, maybe_text, partial_date, words


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
    document_number: str | None = maybe_text()
    issuer_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    issued_on: PartialDate | None = partial_date()
    content: str | None = maybe_text()
