"""Commands on partners, their keys and tokens, and on reports for them."""

from pathlib import Path

import click

from commands.declaring import (
    Argument,
    ChoiceOf,
    Command,
    CommandGroup,
    Option,
    Parsed,
    read_day,
    read_integer,
)
from kit.i18n import LANGUAGES, Message
from reports.arguments import REPORT_ARGUMENTS, ReportArgument

# The registry's own lists take seconds to import: a test compares these with them.
ROLES = ("COLLEGE", "ALLIANCE", "UNION", "STEWARD")
FORMATS = ("xlsx", "csv")


def partner(name: str = "partner") -> Argument:
    return Argument(name, Message("the partner's code", "合作方编码"), "PARTNER")


def scopes() -> Option:
    return Option(
        "--scopes",
        type=Parsed("commands.argument_types:read_scopes"),
        metavar="A,B",
        description=Message(
            "what it may do; by default all of its role", "权限，默认为其角色的全部权限"
        ),
    )


def days() -> Option:
    return Option(
        "--days",
        type=Parsed(read_integer),
        metavar="N",
        description=Message(
            "for so many days; by default the most allowed", "有效天数，默认为上限"
        ),
    )


def in_json() -> Option:
    return Option(
        "--json",
        "in_json",
        is_flag=True,
        description=Message("print one object", "输出一个 JSON 对象"),
    )


def report(name: str) -> Command:
    return Command(
        name,
        Message("Make it, or take it as it was made.", "生成报表；已有的则取用。"),
        f"commands.report:make_{name}",
        *map(report_option, REPORT_ARGUMENTS[name]),
        Option(
            "--for",
            "partner",
            metavar="PARTNER",
            description=Message("as that partner sees it", "以该合作方的视角"),
        ),
        Option(
            "--form",
            type=ChoiceOf(FORMATS),
            description=Message("one of the two; by default both", "两种格式之一，默认两种都生成"),
        ),
        Option(
            "--language",
            type=ChoiceOf([*LANGUAGES]),
            default="zh",
            description=Message("of the report; by default zh", "报表语言，默认 zh"),
        ),
        Option(
            "--version",
            metavar="VERSION",
            description=Message("as it was made of that data version", "按该数据版本生成的报表"),
        ),
        Option(
            "--keep",
            is_flag=True,
            description=Message("for good, until it is dropped", "长期保留，直至被删除"),
        ),
        Option(
            "--folder",
            type=click.Path(path_type=Path),
            default=Path(),
            metavar="FOLDER",
            description=Message(
                "where to write; by default here", "写入的文件夹，默认为当前文件夹"
            ),
        ),
    )


def report_option(argument: ReportArgument) -> Option:
    return Option(
        f"--{argument.name}",
        argument.name,
        required=argument.required,
        default=argument.least,
        metavar="VALUE",
        description=argument.description,
    )


PARTNER = CommandGroup(
    "partner",
    Message("Add, list, disable and enable partners.", "合作方：添加、列出、停用、启用。"),
    Command(
        "add",
        Message("Add an organisation on record, under a code.", "将已登记的单位添加为合作方。"),
        "commands.partner:add",
        Argument("code", Message("the code that the partner gets", "合作方编码"), "CODE"),
        Option(
            "--role", required=True, type=ChoiceOf(ROLES), description=Message("its role", "角色")
        ),
        Option(
            "--organisation",
            required=True,
            metavar="CODE",
            description=Message("the organisation's code", "单位编码"),
        ),
        Option(
            "--region",
            metavar="CODE",
            description=Message(
                "the region of a union; by default its organisation's",
                "工会的地区，默认为其单位所在地区",
            ),
        ),
        scopes(),
        Option(
            "--name",
            metavar="NAME",
            description=Message(
                "its name; by default its organisation's", "名称，默认为其单位名称"
            ),
        ),
    ),
    Command("list", Message("List all partners.", "列出全部合作方。"), "commands.partner:list_all"),
    Command(
        "disable",
        Message("Refuse a partner's keys and tokens.", "停用合作方：拒绝其密钥和令牌。"),
        "commands.partner:disable",
        partner("code"),
    ),
    Command(
        "enable",
        Message("Accept a partner's keys and tokens again.", "启用合作方：重新接受其密钥和令牌。"),
        "commands.partner:enable",
        partner("code"),
    ),
)
KEY = CommandGroup(
    "key",
    Message(
        "Issue, rotate, revoke and list keys of partners.", "合作方密钥：签发、轮换、吊销、列出。"
    ),
    Command(
        "issue",
        Message(
            "Issue a key. A partner has two live ones at most.",
            "签发密钥。每个合作方最多有两个有效密钥。",
        ),
        "commands.key:issue",
        partner(),
        scopes(),
        days(),
        in_json(),
    ),
    Command(
        "rotate",
        Message("Issue a new key; the old one ends in 7 days.", "签发新密钥，旧密钥 7 天后失效。"),
        "commands.key:rotate",
        partner(),
        days(),
        in_json(),
    ),
    Command(
        "revoke",
        Message("Revoke a key.", "吊销密钥。"),
        "commands.key:revoke",
        Argument("id", Message("its id, as in jp_<id>_…", "密钥的 id，如 jp_<id>_…"), "KEY_ID"),
    ),
    Command(
        "list",
        Message("List a partner's keys, without their secrets.", "列出合作方的密钥，不含其内容。"),
        "commands.key:list_all",
        partner(),
    ),
)
TOKEN = CommandGroup(
    "token",
    Message("Sign tokens for development.", "开发用令牌：生成密钥对、签发。"),
    Command(
        "keys",
        Message(
            "Make a key pair: var/token_key.json, var/token_jwks.json.",
            "生成密钥对：var/token_key.json、var/token_jwks.json。",
        ),
        "commands.token:make_keys",
    ),
    Command(
        "issue",
        Message("Issue a token, signed with that key.", "以该密钥签发令牌。"),
        "commands.token:issue",
        partner(),
        Option(
            "--minutes",
            type=Parsed("commands.token:read_minutes"),
            metavar="N",
            description=Message(
                "for so many minutes; by default the most allowed", "有效分钟数，默认为上限"
            ),
        ),
        scopes(),
    ),
)
REPORT = CommandGroup(
    "report",
    Message(
        "Write a roll-up or a cohort as .xlsx and .csv.",
        "将汇总或年级去向写为 .xlsx 和 .csv 文件。",
    ),
    *map(report, REPORT_ARGUMENTS),
    Command(
        "list", Message("List stored reports.", "列出已存的报表。"), "commands.report:list_all"
    ),
    Command(
        "verify",
        Message("Compare what is stored with its digests.", "以摘要核对已存的报表。"),
        "commands.report:verify",
    ),
    Command(
        "drop",
        Message("Delete reports that were made before a day.", "删除某日之前生成的报表。"),
        "commands.report:drop",
        Option(
            "--before",
            required=True,
            type=Parsed(read_day),
            metavar="YYYY-MM-DD",
            description=Message("the first day that is kept", "保留的第一天"),
        ),
    ),
)
