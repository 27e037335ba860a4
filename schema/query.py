from typing import Annotated, Any

import strawberry

import resolvers.core.records
import resolvers.personal.access_log
import resolvers.personal.dispute
import resolvers.personal.erasure_request
from engine.plan.field_plans import NodesByIdField
from models.dispute import DisputeStatus
from models.erasure import ErasureStatus
from resolvers.core.context import Info
from resolvers.core.declare import REGISTRY
from schema.access_log import AccessLogConnection
from schema.cohort import COHORT_FIELD
from schema.dispute import DisputeConnection
from schema.erasure import ErasureRequestConnection
from schema.promotable import PROMOTABLE_FIELD
from schema.registry import REGISTRY_FIELD
from schema.rollup import ROLLUP_FIELD
from schema.search import SEARCH_FIELD
from schema.types.factory import list_type, nullable_type, page_arguments
from schema.types.link_fields import lookup_fields, root_list_fields
from schema.types.node import Node
from schema.types.plan_metadata import plan_metadata
from schema.viewer import Viewer


async def node_resolver(info: Info, id: strawberry.ID) -> Any:
    return await resolvers.core.records.resolve_node(info, id)


async def nodes_by_id_resolver(info: Info, ids: list[strawberry.ID]) -> Any:
    return await resolvers.core.records.resolve_nodes(info, list(map(str, ids)))


def viewer_resolver() -> Viewer:
    return Viewer()


def decode_id(id: strawberry.ID) -> Any:
    return [resolvers.core.records.parse_global_id(id)]


def access_log_resolver(
    info: Info,
    worker: Annotated[strawberry.ID, strawberry.argument(description="Id of the worker. 职工")],
    **page: Any,
) -> Any:
    return resolvers.personal.access_log.resolve_access_log(info, worker, **page)


def disputes_resolver(
    info: Info,
    dispute_status: Annotated[
        DisputeStatus | None,
        strawberry.argument(
            description="Only disputes or requests with this status. Null: all. 状态"
        ),
    ] = None,
    **page: Any,
) -> Any:
    return resolvers.personal.dispute.resolve_disputes(info, dispute_status, **page)


def erasure_requests_resolver(
    info: Info,
    erasure_status: Annotated[
        ErasureStatus | None,
        strawberry.argument(
            description="Only disputes or requests with this status. Null: all. 状态"
        ),
    ] = None,
    **page: Any,
) -> Any:
    return resolvers.personal.erasure_request.resolve_erasure_requests(info, erasure_status, **page)


def paged_field(answer: Any, type_: Any, description: str) -> Any:
    field = strawberry.field(answer, graphql_type=type_, description=description)
    own = [argument for argument in field.arguments if argument.python_name != "page"]
    field.arguments = [*own, *page_arguments()]
    return field


def decode_ids(ids: list[strawberry.ID]) -> Any:
    return resolvers.core.records.parse_global_ids(ids)


@strawberry.type(description="Queries: everything that can be read. 查询")
class Query:
    node = strawberry.field(
        node_resolver,
        graphql_type=nullable_type(Node),
        description="One record of any type by its id. Null if the id is unknown or the record "
        "is not visible. 任意记录",
        metadata=plan_metadata(NodesByIdField(decode_id, listed=False)),
    )
    nodes = strawberry.field(
        nodes_by_id_resolver,
        graphql_type=list_type(nullable_type(Node)),
        description="Up to 100 records by their ids, in the order of the argument `ids`. Null "
        "for unknown ids. 多条记录",
        metadata=plan_metadata(NodesByIdField(decode_ids, listed=True)),
    )

    registry = REGISTRY_FIELD
    viewer = strawberry.field(
        viewer_resolver, graphql_type=Viewer, description="The caller and its permissions. 提问方"
    )
    access_log = paged_field(
        access_log_resolver,
        nullable_type(AccessLogConnection),
        "Log of accesses to personal data of a worker. Visible to the worker and to the "
        "registry's steward; null for others. 访问记录",
    )
    disputes = paged_field(
        disputes_resolver,
        DisputeConnection,
        "Disputes. A worker sees their own disputes, a partner those about its own records, the "
        "registry's steward all. 异议",
    )
    erasure_requests = paged_field(
        erasure_requests_resolver,
        ErasureRequestConnection,
        "Erasure requests. A worker sees their own requests, a partner those of workers whose "
        "records it owns, the registry's steward all. 删除申请",
    )

    vars().update(lookup_fields(REGISTRY.kinds.values()))

    rollup = ROLLUP_FIELD
    cohort = COHORT_FIELD
    promotable = PROMOTABLE_FIELD
    search = SEARCH_FIELD

    vars().update(root_list_fields(REGISTRY.kinds.values()))
