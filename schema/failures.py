"""What a client is told of an error: a sentence and a code; of our faults, nothing but an id."""

import structlog
from graphql import GraphQLError

from kit.errors import Busy, Told, Unavailable

log = structlog.get_logger()


def told(error: GraphQLError, request_id: str) -> GraphQLError:
    cause = origin(error)
    if cause is None:
        message, code = error.message, "BAD_USER_INPUT"
    elif isinstance(cause, Told):
        message, code = str(cause), cause.code
        if isinstance(cause, Unavailable) and not isinstance(cause, Busy):
            log.error("unavailable", request_id=request_id, exc_info=cause)
    else:
        log.error("fault", request_id=request_id, path=error.path, exc_info=cause)
        message, code = f"This is our fault, not yours. Tell us the id {request_id}.", "INTERNAL"
    extensions = {"code": code, "requestId": request_id}
    # The cause goes with it, for what the service makes of it: no client sees it.
    return GraphQLError(
        message, error.nodes, path=error.path, original_error=cause, extensions=extensions
    )


def origin(error: GraphQLError) -> Exception | None:
    """What was raised first: coercing a value wraps errors in errors."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
