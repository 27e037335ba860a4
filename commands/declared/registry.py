"""Commands on the whole registry: serve, load, export, back up, generate, verify."""

from pathlib import Path

import click

from commands.declaring import (
    LANGUAGE_KEY,
    Argument,
    ChoiceOf,
    Command,
    Option,
    Parsed,
    read_integer,
    read_positive_integer,
)
from kit.i18n import LANGUAGES, Message


def keep_language(ctx: click.Context, param: click.Parameter, word: str | None) -> None:
    if word is not None:
        ctx.meta[LANGUAGE_KEY] = LANGUAGES[word]


def folder(description: Message) -> Argument:
    return Argument("folder", description, "FOLDER", type=click.Path(path_type=Path))


def file(description: Message) -> Argument:
    return Argument("file", description, "FILE", type=click.Path(path_type=Path))


LANGUAGE = Option(
    "--language",
    expose_value=False,
    is_eager=True,
    callback=keep_language,
    type=ChoiceOf([*LANGUAGES]),
    description=Message(
        "of all messages; by default that of the locale", "消息语言，默认随系统区域"
    ),
)
BRING_BACK = Option(
    "--bring-back",
    "brought_back",
    multiple=True,
    metavar="CODE",
    description=Message(
        "enter an erased person, or a record in which a name was redacted, again",
        "重新录入已被删除的人员，或其中姓名已被隐去的记录",
    ),
)
WITHOUT_MARKS = Option(
    "--without-marks",
    is_flag=True,
    description=Message(
        "go on although keys are lost by which erased people are known again",
        "即使用以识别已删除人员的密钥已遗失，仍继续录入",
    ),
)
SERVE = Command(
    "serve",
    Message(
        "Answer on HOST and PORT, as 'make run' does.", "在 HOST 和 PORT 上提供服务，同 make run。"
    ),
    "commands.records:serve",
)
EMBED = Command(
    "embed",
    Message(
        "Make var/registry.db, as 'make run' does by itself.",
        "生成 var/registry.db；make run 会自动生成。",
    ),
    "commands.records:embed",
    Option(
        "--published",
        is_flag=True,
        description=Message(
            "with the published records, none invented", "仅含公开记录，不含虚构记录"
        ),
    ),
)
MIGRATE = Command(
    "migrate",
    Message(
        "Bring the database's tables and region tree up to date.", "更新数据库的表和行政区划。"
    ),
    "commands.records:migrate",
)
LOAD = Command(
    "load",
    Message(
        "Load a folder of CSV files, all of it or nothing.",
        "导入一个 CSV 文件夹：全部录入，或完全不录入。",
    ),
    "commands.records:load",
    folder(Message("the folder with the CSV files", "CSV 文件所在的文件夹")),
    LANGUAGE,
    Option(
        "--dry-run",
        is_flag=True,
        description=Message(
            "print what is new, what changes and what is the same; write nothing",
            "列出新增、改动和相同的记录，不写入",
        ),
    ),
    Option(
        "--new-only",
        is_flag=True,
        description=Message(
            "refuse rows whose code or key is on record already", "拒绝编码或标识已登记的行"
        ),
    ),
    Option(
        "--rename",
        "renamed",
        multiple=True,
        metavar="CODE",
        description=Message(
            "correct the name of this worker, who is no other person",
            "更正该人员的姓名（并非另一人）",
        ),
    ),
    BRING_BACK,
    WITHOUT_MARKS,
)
EXPORT = Command(
    "export",
    Message("Write all records to a new folder of CSV files.", "将全部记录写入新的 CSV 文件夹。"),
    "commands.records:export",
    folder(Message("the folder to be made", "要新建的文件夹")),
)
BACKUP = Command(
    "backup",
    Message("Write the whole registry, as it is, to one file.", "将整个登记簿原样写入一个文件。"),
    "commands.records:backup",
    file(Message("the file to be made", "要新建的文件")),
)
RESTORE = Command(
    "restore",
    Message("Fill an empty database from a backup.", "用备份文件恢复到空数据库。"),
    "commands.records:restore",
    file(Message("a file that 'backup' has made", "由 backup 生成的文件")),
)
REVISION = Command(
    "revision",
    Message("Write a migration from the models, to be read.", "按模型生成迁移脚本，供审阅。"),
    "commands.records:revision",
    Argument("message", Message("what the migration does", "迁移的说明"), "MESSAGE"),
)
SCHEMA = Command(
    "schema",
    Message("Print the schema in GraphQL's definition language.", "输出 GraphQL 模式定义（SDL）。"),
    "commands.records:schema",
)
EXPLAIN = Command(
    "explain",
    Message("Print the plan of a query, and its statements.", "输出查询的执行计划及其 SQL 语句。"),
    "commands.records:explain",
    file(Message("a file with the query", "查询文件")),
    Option(
        "--variables",
        metavar="JSON",
        description=Message(
            "take these, not those in the file's comment", "变量，代替文件注释中的变量"
        ),
    ),
)
GENERATE = Command(
    "generate",
    Message(
        "Fill an empty registry with a fictional population.",
        "以虚构人员填充空登记簿。",
    ),
    "commands.records:generate",
    Option(
        "--workers",
        type=Parsed(read_positive_integer),
        metavar="N",
        required=True,
        description=Message("the number of workers", "人员数量"),
    ),
    Option(
        "--seed",
        type=Parsed(read_integer),
        metavar="S",
        description=Message(
            "draw another population of that size", "随机种子：同样规模的另一批人员"
        ),
    ),
)
VERIFY = Command(
    "verify",
    Message(
        "Compare summaries and audiences with the records.", "核对汇总表和可见范围与记录是否一致。"
    ),
    "commands.verify:verify",
    Option(
        "--repair",
        is_flag=True,
        description=Message(
            "then count again, and narrow audiences that are too wide",
            "随后重新汇总，并收窄过宽的可见范围",
        ),
    ),
)
