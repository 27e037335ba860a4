from kit.values.labelled_enum import LabelledEnum
from models.row import Thing, enum_column, optional_prose, optional_reference, optional_text


class BenefitKind(LabelledEnum, description="Type of benefit. 礼遇类别"):
    CARD = "CARD", "礼遇卡", "Card that entitles to benefits"
    SERVICE = "SERVICE", "综合服务", "Services"
    INSURANCE = "INSURANCE", "互助保障", "Mutual insurance"
    OTHER = "OTHER", "其他"


class Benefit(Thing, table=True):
    """An entitlement of an honour's holders, or of others named in `beneficiaries`."""

    benefit_kind: BenefitKind = enum_column(BenefitKind)
    provider_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
    honour_id: str | None = optional_reference("honour")
    beneficiaries: str | None = optional_text()
    content: str | None = optional_prose()
