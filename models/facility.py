from kit.partial_date import PartialDate
from kit.words import Labelled
from models.row import Thing, may_refer_to, partial_date, words


class FacilityKind(Labelled):
    TRAINING = "TRAINING", "实训场所"
    CULTURE = "CULTURE", "文化教育场所"
    SERVICE = "SERVICE", "服务场所"
    OTHER = "OTHER", "其他"


class Facility(Thing, table=True):
    facility_kind: FacilityKind = words(FacilityKind)
    operator_id: str | None = may_refer_to("organisation")
    region_id: str | None = may_refer_to("region")
    opened: PartialDate | None = partial_date()
