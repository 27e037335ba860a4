"""What a client is told of an error: a sentence and a code; of our faults, nothing but an id."""

import re

import structlog
from graphql import GraphQLError

from kit.errors import Busy, Told, Unavailable
from kit.identity import masked
from kit.language import Language, Sentence
from schema.chinese import in_chinese

log = structlog.get_logger()

# Names that were not asked for: who may not see the schema isn't told it word by word.
SUGGESTED = re.compile(r",? [Dd]id you mean [^?]*\?")
LONGEST = 500  # characters of a message; it repeats what was sent


def told(
    error: GraphQLError, request_id: str, language: Language = Language.ENGLISH
) -> GraphQLError:
    cause = origin(error)
    known = None if cause else sentence_of(error.message)
    if known is not None and (error.path is None or known.chinese != known.english):
        said, code = known, "BAD_USER_INPUT"
    elif isinstance(cause, Told):
        said, code = cause.sentence, cause.code
        if isinstance(cause, Unavailable) and not isinstance(cause, Busy):
            log.error("unavailable", request_id=request_id, exc_info=cause)
    else:
        log.error("fault", request_id=request_id, path=error.path, exc_info=cause or error)
        said, code = fault(request_id), "INTERNAL"
    extensions = {"code": code, "requestId": request_id}
    # The cause goes with it, for what the service makes of it: no client sees it.
    return GraphQLError(
        said.said(language), error.nodes, error.source, error.positions, error.path, cause,
        extensions=extensions,
    )  # fmt: skip


def fault(request_id: str) -> Sentence:
    return Sentence(
        f"This is our fault, not yours. Tell us the id {request_id}.",
        f"这是本服务的故障，请将编号 {request_id} 告知我们。",
    )


def sentence_of(message: str) -> Sentence:
    """Of what GraphQL itself says; what nobody has translated stays English."""
    message = masked(message)
    short = message if len(message) <= LONGEST else f"{message[:LONGEST]} …"
    english = SUGGESTED.sub("", short)
    return Sentence(english, in_chinese(english) or english)


def as_graphql(error: GraphQLError | Told) -> GraphQLError:
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)


def origin(error: GraphQLError) -> Exception | None:
    """What was raised first: coercing a value wraps errors in errors."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
