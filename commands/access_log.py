"""`log`: verify the access log's hash chain."""

from sqlalchemy.ext.asyncio import AsyncEngine

from commands.declaring import WrongValue
from commands.registry_session import run_on_registry, say
from feeds.importing import prepare_registry
from kit.db.engine import read_transaction
from kit.errors import CommandFailed
from kit.i18n import Message
from resolvers.personal.access_log import LogVerification, verify_log
from settings import read_settings


class TamperedLog(CommandFailed):
    code = "TAMPERED"


def read_head(text: str) -> tuple[int, str]:
    number, _, digest = text.partition(":")
    if not (number.isascii() and number.isdecimal() and len(digest) == 64):
        raise WrongValue(
            "is a number and a hash, as this command prints them.",
            "须为本命令输出的序号和散列值。",
        )
    return int(number), digest


def verify(head: tuple[int, str] | None) -> None:
    async def work(engine: AsyncEngine) -> LogVerification:
        await prepare_registry(engine)
        async with read_transaction(engine) as connection:
            return await verify_log(connection, head)

    verification = run_on_registry(read_settings(), work)
    if wrong := verification.wrong:
        raise TamperedLog(
            f"The access log isn't what was written: {wrong}", f"访问日志已非原样：{wrong}"
        )
    number = verification.entries
    say(
        Message(
            f"{number} entries, each follows on the one before. Note the last elsewhere:",
            f"{number} 条，逐条相承。请将末条另行记下：",
        )
    )
    print(f"{number}:{verification.head}")
