"""Commands on personal data, and on the log of who read it."""

from pathlib import Path

import click

from commands.declared.registry import BRING_BACK, WITHOUT_MARKS
from commands.declaring import Argument, ChoiceOf, Command, CommandGroup, Option, Parsed, read_day
from kit.i18n import Message

# The registry's own lists take seconds to import: a test compares these with them.
FIELD_GROUPS = ("DOCUMENTS", "CONTACT", "BIRTH", "STUDY")
BASES = (
    *("CONSENT", "CONTRACT", "LEGAL_DUTY", "EMERGENCY", "PUBLIC_INTEREST", "DISCLOSED"),
    "OTHER_LAW",
)


def worker() -> Argument:
    return Argument("worker", Message("the worker's code", "人员编码"), "WORKER")


def required(flag: str, description: Message, metavar: str = "TEXT") -> Option:
    return Option(flag, required=True, metavar=metavar, description=description)


LOGGED = Message("written to the access log", "写入访问日志")
NAMES = (
    Argument(
        "worker",
        Message("whose names; or say --text", "其姓名；或用 --text"),
        "[WORKER]",
        required=False,
    ),
    Option(
        "--text",
        "texts",
        multiple=True,
        metavar="NAME",
        description=Message(
            "a name of a person who is erased already, or another spelling",
            "已被删除者的姓名，或另一种写法",
        ),
    ),
)
BASIS = CommandGroup(
    "basis",
    Message("Add and list legal bases of partners.", "合作方的处理依据：添加、列出。"),
    Command(
        "add",
        Message("Enter on which basis a partner holds and reads.", "登记合作方持有和读取的依据。"),
        "commands.personal:add_basis",
        required("--partner", Message("the partner's code", "合作方编码"), "CODE"),
        Option(
            "--group",
            required=True,
            type=ChoiceOf(FIELD_GROUPS),
            description=Message("the fields", "字段组"),
        ),
        Option(
            "--basis", required=True, type=ChoiceOf(BASES), description=Message("the basis", "依据")
        ),
        Option(
            "--agreed-on",
            required=True,
            type=Parsed(read_day),
            metavar="YYYY-MM-DD",
            description=Message("the day of the agreement", "约定之日"),
        ),
        required("--purpose", Message("what the values are for", "用途")),
        Option(
            "--expires",
            type=Parsed(read_day),
            metavar="YYYY-MM-DD",
            description=Message("the first day without it", "失效的第一天"),
        ),
    ),
    Command(
        "list",
        Message("List those on record.", "列出已登记的依据。"),
        "commands.personal:list_bases",
    ),
)
PERSONAL = CommandGroup(
    "personal",
    Message(
        "Import, export, erase, rotate … personal data.", "个人信息：导入、导出、删除、换钥等。"
    ),
    Command(
        "import",
        Message("Enter a file, all of it or nothing.", "录入一个文件：全部录入，或完全不录入。"),
        "commands.personal:import_file",
        Argument("file", Message("the file", "文件"), "FILE.csv", type=click.Path(path_type=Path)),
        Option(
            "--for",
            "partner",
            required=True,
            metavar="PARTNER",
            description=Message("the partner that holds them", "持有这些信息的合作方"),
        ),
        BRING_BACK,
        WITHOUT_MARKS,
    ),
    Command(
        "export",
        Message("Print all that is held about a worker.", "输出所存的某人的全部信息。"),
        "commands.personal:export_worker",
        worker(),
        required("--purpose", LOGGED),
    ),
    Command(
        "erase",
        Message(
            "Make a worker a stub. There is no way back.", "删除某人的信息，只留存根。不可恢复。"
        ),
        "commands.personal:erase",
        worker(),
        required("--reason", LOGGED),
    ),
    Command(
        "requests",
        Message("List requests for erasure, and their status.", "列出删除请求及其状态。"),
        "commands.personal:list_requests",
    ),
    Command(
        "rotate",
        Message("Encrypt everything again with the first keys.", "以首个密钥重新加密全部信息。"),
        "commands.personal:rotate",
    ),
    Command(
        "expire",
        Message("Delete what was kept long enough.", "删除保存期已满的信息。"),
        "commands.personal:expire",
    ),
    Command(
        "mentions",
        Message("List where the names of a person stand.", "列出某人姓名出现之处。"),
        "commands.redaction:list_mentions",
        *NAMES,
    ),
    Command(
        "redact",
        Message("Take the names out there; a dry run at first.", "隐去各处的姓名；先试运行。"),
        "commands.redaction:redact",
        *NAMES,
        required("--replacement", Message("the text to put in its place", "替换文字")),
        Option(
            "--in",
            "places",
            multiple=True,
            metavar="TABLE/RECORD",
            description=Message(
                "as `mentions` lists them; may be said several times",
                "mentions 所列之处，可多次给出",
            ),
        ),
        Option(
            "--everywhere",
            is_flag=True,
            description=Message("wherever `mentions` lists them", "mentions 所列的全部"),
        ),
        Option("--apply", is_flag=True, description=Message("do it", "真正执行")),
        exactly_one=("places", "everywhere"),
    ),
    Command(
        "marks",
        Message(
            "Print the marks of the erased, to be kept apart from backups.",
            "输出已删除人员的标记，与备份分开保存。",
        ),
        "commands.erasure_marks:marks",
        Option(
            "--add",
            type=click.Path(path_type=Path),
            metavar="FILE",
            description=Message(
                "after a backup was restored: take such marks in, and name who has to be erased "
                "again",
                "恢复备份之后：录入这些标记，并列出须再次删除的人员",
            ),
        ),
    ),
    BASIS,
)
LOG = CommandGroup(
    "log",
    Message("Verify the access log of personal data.", "个人信息访问日志：校验。"),
    Command(
        "verify",
        Message("Find a changed, missing or reordered entry.", "查找被改动、缺失或错序的条目。"),
        "commands.access_log:verify",
        Option(
            "--head",
            type=Parsed("commands.access_log:read_head"),
            metavar="NUMBER:HASH",
            description=Message(
                "as printed before: detects a tail that was cut off, or a log that was rewritten",
                "之前输出的末条：可发现被截去的尾部和重写的日志",
            ),
        ),
    ),
)
