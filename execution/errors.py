"""Errors as clients see them: a message and a code; of internal errors, an id only."""

import re

import structlog
from graphql import GraphQLError

from execution.graphql_messages_zh import graphql_message_zh
from kit.errors import ClientError, Overloaded, Unavailable
from kit.i18n import Language, Message
from kit.text.identity_numbers import mask_identity_numbers

log = structlog.get_logger()

# Suggested names are removed: clients without introspection could discover the schema by them.
SUGGESTION = re.compile(r",? [Dd]id you mean [^?]*\?")
CONNECTION_TIMED_OUT = "a connection to the database timed out"
MAX_MESSAGE_LENGTH = 500  # characters; messages may repeat parts of the query


def client_error(
    error: GraphQLError, request_id: str, language: Language = Language.ENGLISH
) -> GraphQLError:
    cause = root_cause(error)
    translated = None if cause else graphql_message(error.message)
    if translated is not None and (error.path is None or translated.chinese != translated.english):
        said, code = translated, "BAD_USER_INPUT"
    elif isinstance(cause, ClientError):
        said, code = cause.sentence, cause.code
        if isinstance(cause, Unavailable) and not isinstance(cause, Overloaded):
            log_unavailable(cause, request_id)
    else:
        log.error("fault", request_id=request_id, path=error.path, exc_info=cause or error)
        said, code = internal_error_message(request_id), "INTERNAL"
    extensions = {"code": code, "requestId": request_id}
    # The cause stays attached for the service's own use; it isn't sent to clients.
    return GraphQLError(
        said.said(language), error.nodes, error.source, error.positions, error.path, cause,
        extensions=extensions,
    )  # fmt: skip


def log_unavailable(error: Unavailable, request_id: str) -> None:
    """Return a connection that wasn't had in time is one line: a traceback explains nothing."""
    timed_out = isinstance(error.__cause__, TimeoutError)
    log.error(
        "unavailable",
        request_id=request_id,
        why=CONNECTION_TIMED_OUT if timed_out else str(error),
        exc_info=None if timed_out else error,
    )


def internal_error_message(request_id: str) -> Message:
    return Message(
        f"An internal error occurred. Report it with the id {request_id}.",
        f"这是本服务的故障，请将编号 {request_id} 告知我们。",
    )


def graphql_message(message: str) -> Message:
    """Return a message of graphql-core in both languages; in English if it isn't translated."""
    message = mask_identity_numbers(message)
    short = message if len(message) <= MAX_MESSAGE_LENGTH else f"{message[:MAX_MESSAGE_LENGTH]} …"
    english = SUGGESTION.sub("", short)
    return Message(english, graphql_message_zh(english) or english)


def as_graphql_error(error: GraphQLError | ClientError) -> GraphQLError:
    if isinstance(error, GraphQLError):
        return error
    return GraphQLError(str(error), original_error=error)


def root_cause(error: GraphQLError) -> Exception | None:
    """Return the original exception: coercion nests errors."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
