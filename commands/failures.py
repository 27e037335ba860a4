"""Messages about failed commands."""

from sqlalchemy.exc import DBAPIError

from feeds.importing import MAX_PROBLEMS_SHOWN, more_message
from feeds.problem_messages_zh import problem_text
from kit.errors import ClientError, ImportRejected
from kit.i18n import Language, Message
from settings import InvalidSetting

MAX_PROBLEM_LENGTH = 2000  # characters of one problem; the longest ones list all file names


def failure_text(error: Exception, language: Language) -> str | None:
    """Return what to do about an error; None for a fault of ours."""
    match error:
        case ImportRejected():
            return rejection_text(error, language)
        case ClientError() | InvalidSetting():
            return error.sentence.said(language)
        case DBAPIError() | OSError():
            reason = getattr(error, "orig", error)
            return Message(
                f"The database can't be reached, or refused the work: {reason}",
                f"无法连接数据库，或数据库拒绝执行：{reason}",
            ).said(language)
    return None


def rejection_text(error: ImportRejected, language: Language) -> str:
    lines = [
        f"  {problem_text(problem, language)[:MAX_PROBLEM_LENGTH]}"
        for problem in error.problems[:MAX_PROBLEMS_SHOWN]
    ]
    if error.number > MAX_PROBLEMS_SHOWN:
        lines.append(f"  {more_message(error.number - MAX_PROBLEMS_SHOWN).said(language)}")
    return "\n".join([error.sentence.said(language), *lines])
