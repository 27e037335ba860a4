from kit.values.labelled_enum import LabelledEnum
from kit.values.partial_date import PartialDate
from models.row import Thing, enum_column, optional_reference, partial_date_column


class FacilityKind(LabelledEnum, description="Type of facility. 场所类别"):
    TRAINING = "TRAINING", "实训场所", "Place for practical training"
    CULTURE = "CULTURE", "文化教育场所", "Place for culture and education"
    SERVICE = "SERVICE", "服务场所", "Place for services"
    OTHER = "OTHER", "其他"


class Facility(Thing, table=True):
    facility_kind: FacilityKind = enum_column(FacilityKind)
    operator_id: str | None = optional_reference("organisation")
    region_id: str | None = optional_reference("region")
    opened: PartialDate | None = partial_date_column()
