from kit.words import Labelled
from models.row import Thing, may_refer_to, maybe_prose, maybe_text, words


class BenefitKind(Labelled):
    CARD = "CARD", "礼遇卡"
    SERVICE = "SERVICE", "综合服务"
    INSURANCE = "INSURANCE", "互助保障"
    OTHER = "OTHER", "其他"


class Benefit(Thing, table=True):
    """What the holders of an honour, or others named in `beneficiaries`, are entitled to."""

    benefit_kind: BenefitKind = words(BenefitKind)
    provider_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    honour_id: str | None = may_refer_to("honour")
    beneficiaries: str | None = maybe_text()
    content: str | None = maybe_prose()
