import strawberry

import resolvers.organisation
from kit.values.partial_date import PartialDate
from models.organisation import OrganisationKind
from resolvers.organisation import ORGANISATION
from schema.types.link_fields import link_field, with_declared_links
from schema.types.node import Node, Record


@strawberry.type(description="A trade union, enterprise, college or other organisation. 单位")
@with_declared_links(ORGANISATION)
class Organisation(Record):
    organisation_kind: OrganisationKind = strawberry.field(description="类别")
    credit_code: str | None = strawberry.field(
        description="Unified social credit code. 统一社会信用代码 (GB 32100)"
    )
    industry_as_published: str | None = strawberry.field(description="公布的行业")
    region = link_field(resolvers.organisation.region, "所在地区")
    industry = link_field(resolvers.organisation.industry, "行业 (GB/T 4754)")
    parent = link_field(resolvers.organisation.parent, "上级单位")
    subsidiaries = link_field(resolvers.organisation.subsidiaries, "下属单位")
    former_names = link_field(
        resolvers.organisation.former_names,
        "Former names. Searches and filters by name use them too. 曾用名",
    )
    successors = link_field(
        resolvers.organisation.successors,
        "Organisations that replaced this one after a merger or division. Facts remain with this "
        "organisation. 继任单位",
    )
    predecessors = link_field(
        resolvers.organisation.predecessors,
        "Organisations that this one replaced. It can be found by their names and codes. 前身单位",
    )
    successions = link_field(
        resolvers.organisation.successions,
        "Successions from this organisation to its successors. 单位承继（至继任者）",
    )
    successions_into = link_field(
        resolvers.organisation.successions_into,
        "Successions from its predecessors to this organisation. 单位承继（自前身）",
    )


@strawberry.type(description="A former name of an organisation. 单位曾用名")
class OrganisationFormerName(Node):
    name: str = strawberry.field(description="名称")
    started: PartialDate | None = strawberry.field(description="启用")
    ended: PartialDate | None = strawberry.field(description="停用")
    organisation = link_field(resolvers.organisation.organisation_of_former_name, "单位")


@strawberry.type(
    description="The replacement of an organisation by a successor after a merger or division. "
    "单位承继"
)
class OrganisationSuccession(Node):
    since: PartialDate | None = strawberry.field(description="Date of the succession. 自何时起")
    decree: str | None = strawberry.field(
        description="The official document, with its number and date. 批复文件"
    )
    organisation = link_field(
        resolvers.organisation.organisation_of_succession,
        "The organisation that was replaced. 原单位",
    )
    successor = link_field(
        resolvers.organisation.successor_of_organisation,
        "The organisation that replaced it. 继任单位",
    )
