"""Chinese translations of the problems of imports. {name} is a placeholder.

The English sentences are in feeds, resolvers and models.
tests/loading/test_refusals_in_chinese.py finds each of them there, and its translation here.
"""

import re

from feeds.chinese_headings import schema_terms
from feeds.personal_messages_zh import PERSONAL_REASONS_ZH
from kit.errors import Problem
from kit.i18n import Language
from kit.text.identity_numbers import mask_identity_numbers
from kit.text.message_translation import MessageTranslator

SAVE = "save it as UTF-8 (in Excel: «CSV UTF-8 (逗号分隔)»)"
SAVE_CHINESE = "请另存为 UTF-8（Excel 中选“CSV UTF-8 (逗号分隔)”）"
DATES = "a year, a month or a day is accepted: 2022, 2022-08 or 2022-08-01"
DATES_CHINESE = "日期可精确到年、月或日：2022、2022-08 或 2022-08-01"
SIGNS = "takes 1 to {most} letters, digits, _ . or -, a letter or digit first."
SIGNS_CHINESE = "须为 1 至 {most} 个字母、数字或 _ . -，并以字母或数字开头。"

REASONS_ZH: dict[str, str] = {
    # Files
    "is none of {names}.": "不是下列之一：{names}。",
    f"is no CSV file: for each of its sheets, {SAVE}.": (
        f"不是 CSV 文件：请将其中每个工作表{SAVE_CHINESE[1:]}。"
    ),
    "contains no CSV files.": "其中没有 CSV 文件。",
    "is not a folder.": "不是文件夹。",
    "can't be read: {reason}.": "无法读取：{reason}。",
    "is not valid CSV: {reason}.": "不是有效的 CSV：{reason}。",
    "is not valid CSV.": "不是有效的 CSV。",
    f"holds NUL characters, as UTF-16 does: {SAVE}.": (
        f"含有 NUL 字符（疑为 UTF-16）：{SAVE_CHINESE}。"
    ),
    f"is not written in UTF-8: {SAVE}.": f"不是 UTF-8 编码：{SAVE_CHINESE}。",
    f"may be UTF-8 or GB18030: {SAVE}, which marks it.": (
        f"可能是 UTF-8，也可能是 GB18030，无法判断：{SAVE_CHINESE}，其中带有编码标记。"
    ),
    f"is not written in UTF-8, and may be GB18030 or Big5: {SAVE}.": (
        f"不是 UTF-8 编码，可能是 GB18030，也可能是 Big5，无法判断：{SAVE_CHINESE}。"
    ),
    f"is not written in UTF-8, and has no known encoding: {SAVE}.": (
        f"不是 UTF-8 编码，也不是已知的其他编码：{SAVE_CHINESE}。"
    ),
    f"was read as GB18030, the likelier of two: {SAVE}.": (
        f"可能是两种编码之一，按较可能的 GB18030 读取：{SAVE_CHINESE}。"
    ),
    f"was read as Big5, the likelier of two: {SAVE}.": (
        f"可能是两种编码之一，按较可能的 Big5 读取：{SAVE_CHINESE}。"
    ),
    "may be {names}: name it so.": "可能是 {names}，请按其命名。",
    # Headings and rows
    "is empty: the first line names the columns.": "为空：第一行应为各列的名称。",
    "is there twice.": "出现了两次。",
    "is missing.": "缺失。",
    "is missing among the columns.": "缺少这一列。",
    "names a column twice.": "有一列出现了两次。",
    "has another column than {names}.": "有下列之外的列：{names}。",
    "may be {names}: name the one that is meant.": "可能是 {names}，请写明是哪一列。",
    "has {number} cells; the header has {of}.": "有 {number} 格，而表头有 {of} 列。",
    "has a value, but no heading.": "有值，但没有列名。",
    # Cells
    "{text} is none of {words}.": "{text} 不是下列之一：{words}。",
    "{text} may be {words}: write the word that is meant.": (
        "{text} 可能是 {words}，请写明是哪一个。"
    ),
    "{text} is not a whole number.": "{text} 不是整数。",
    "{text} is not from {least} to {most}.": "{text} 不在 {least} 至 {most} 之间。",
    "{text} is not a number: use digits and a decimal point.": (
        "{text} 不是数，请用数字和小数点书写。"
    ),
    "{text} is neither true nor false.": "{text} 既不是“是”也不是“否”（true / false）。",
    "is neither true nor false.": "既不是“是”也不是“否”（true / false）。",
    f"{{text}} is no date; {DATES}.": f"{{text}} 不是日期；{DATES_CHINESE}。",
    "{text} is how spreadsheets count days; this may be {day}: write the date.": (
        "{text} 是电子表格的日期序号，可能为 {day}：请写出日期。"
    ),
    f"{{text}} is not in the calendar; {DATES}.": f"{{text}} 不是历法中的日期；{DATES_CHINESE}。",
    "has {number} characters; the limit is {most}.": "有 {number} 个字符，最多 {most} 个。",
    "has more than {most} characters.": "超过 {most} 个字符。",
    "holds the number of an identity document ({number}): such numbers are never entered here.": (
        "含有身份证件号码（{number}）：此处从不登记证件号码。"
    ),
    "is the number of an identity document: such numbers are never entered here.": (
        "是身份证件号码：此处从不登记证件号码。"
    ),
    # Codes and references
    f"{{text}} has {{sign}} in place {{place}}: a code {SIGNS}": (
        f"{{text}} 的第 {{place}} 位是 {{sign}}：编码{SIGNS_CHINESE}"
    ),
    SIGNS: SIGNS_CHINESE,
    "{text} has {number} places; a unified social credit code has {of}.": (
        "{text} 有 {number} 位，统一社会信用代码为 {of} 位。"
    ),
    "{text} has {sign} in place {place}; the signs are {signs}.": (
        "{text} 的第 {place} 位是 {sign}，可用字符为 {signs}。"
    ),
    "{text} names no region: places 3 to 8 are digits.": (
        "{text} 未指明行政区划：第 3 至 8 位应为数字。"
    ),
    "{text} has {sign} in place {place}; by the others it is {check}.": (
        "{text} 的第 {place} 位是 {sign}，按其余各位应为 {check}。"
    ),
    "there is no {kind} {text}.": "没有 {kind} {text}。",
    "{text} is the key of {of}: use another one.": "{text} 是 {of} 的标识，请另给一个。",
    "{text} is in {file}, line {line} already.": "{text} 已在 {file} 第 {line} 行出现。",
    "is the same as that of {text}; it must be unique.": "与 {text} 的相同，只能出现一次。",
    "is on record already: --new-only enters new records only.": (
        "已登记：--new-only 只录入新的记录。"
    ),
    "is in use for a person on record, whom this changes ({changes}): give another person another "
    "code. To correct the name, use --rename {code}.": (
        "已是登记在册者的编码，录入将改动其记录（{changes}）：另一人须用另一编码；"
        "若确为更正姓名，请加 --rename {code}。"
    ),
    # Rules of rows
    "may not be empty.": "不能为空。",
    "is not a finite number.": "不是可存储的数。",
    "{text} is not a known unit, such as person.": "{text} 不是已知的单位（如 person）。",
    "contains a NUL character.": "含有 NUL 字符。",
    "is empty, or begins or ends with white space.": "为空，或首尾有空白。",
    "is {value}; it is {least} or more.": "是 {value}，应不小于 {least}。",
    "is {value}; it is from {least} to {most}.": "是 {value}，应在 {least} 至 {most} 之间。",
    "goes with its unit and its qualifier.": "须与其单位和限定一并给出。",
    "fill at most one of {names}.": "{names} 中最多填写一项。",
    "fill exactly one of {names}.": "{names} 中须填写且只填写一项。",
    "{end} is not after {start}: a spell holds on a day at least.": (
        "{end} 不晚于 {start}：一段时间至少有一天。"
    ),
    "overlaps the spell {text} of the same pair: end that spell first.": (
        "与同一关系的 {text} 时间重叠，请先结束那一段。"
    ),
    "has a part of that holder already; correct it.": "已有该方的份额，请更正那一条。",
    "brings the shares to more than 100 %.": "使份额合计超过 100%。",
    "{text} would be inside itself.": "{text} 将隶属于其自身。",
    "goes without a share of the entrants, and a share without a rank.": (
        "名次与参赛人数比例只能给出其一。"
    ),
    "must be lower than the grade that the rule grants.": "不低于将授予的等级。",
    "may not be empty where there is a reason for leaving.": "有退出原因时不能为空。",
    "comes before the first rank that is paid.": "早于起始名次。",
    "comes before the day on which the challenge was posted.": "早于课题的发布日期。",
    # Audiences
    "is PUBLIC; an enrolment never is. Leave it OWNER or SHARED.": (
        "为 PUBLIC，而学籍从不公开，请改为 OWNER 或 SHARED。"
    ),
    "is the mentor of this mentorship.": "就是该师徒关系中的师傅本人。",
    "is PUBLIC, but no conferral, result, certificate or leadership of a studio of this worker is: "
    "enter one that is, in this load, and leave the worker OWNER or SHARED until then.": (
        "为 PUBLIC，但该职工没有公开的荣誉、竞赛成绩、证书或领衔工作室："
        "请在同一次加载中录入一项公开的，在此之前职工应为 OWNER 或 SHARED。"
    ),
    "is PUBLIC; the mentorship of a trainee never is. Leave it OWNER or SHARED.": (
        "为 PUBLIC，而学员的师徒关系从不公开，请改为 OWNER 或 SHARED。"
    ),
    "is the apprentice of the mentorship {text}, which is PUBLIC; that of a trainee never is. Make "
    "that one OWNER or SHARED, in this load or before it.": (
        "是师徒关系 {text} 的徒弟，该关系为 PUBLIC，而学员的师徒关系从不公开："
        "请在本次或之前的加载中将其改为 OWNER 或 SHARED。"
    ),
    "protects people, and facts that name one: here OWNER keeps it to its owner.": (
        "仅用于保护人员及涉及人员的事实：此处请用 OWNER，仅所有者可见。"
    ),
    "is {said}, but a person whom this names is {audience}: leave it empty, or make that person "
    "{same} in this load, if they may be.": (
        "为 {said}，但所涉人员为 {audience}：请留空，或在可行时于本次加载中将该人员改为 {same}。"
    ),
    "is a minor until {day}: only its owner may see a worker under 18.": (
        "在 {day} 之前未成年：未满 18 岁的职工只有其所有者可见。"
    ),
    "is {said}, but the worker is named as a student of a school below a college and may be under "
    "18: leave it empty, or say otherwise first (of_age or a birth date, `personal import`).": (
        "为 {said}，但该职工为大专以下学校的学生，可能未满 18 岁："
        "请留空，或先以 `personal import` 说明其已成年（of_age）或给出出生日期。"
    ),
    # Erased persons
    "is the code of an erased person{more}": "是已删除者的编码{more}",
    "is the name of an erased person, together with one of their organisations{more}": (
        "是已删除者的姓名，且同时提到其单位{more}"
    ),
    ": left out. To enter it all the same, use --bring-back {code}.": (
        "：未录入。若仍要录入，请加 --bring-back {code}。"
    ),
    "names {text}, who was left out: left out as well.": "提到未录入的 {text}：一并未录入。",
    "is the key of a record that remains of an erased person: left out, so that the record stays "
    "as it is.": "是已删除者所留记录的标识：未录入，该记录保持不变。",
    "is the remaining record of an erased person: left out.": "是已删除者所留的记录：未录入。",
    "{text} was left out: what is on record stays.": "{text} 未录入：保留已登记的值。",
    "{text} was left out: left empty.": "{text} 未录入：留空。",
    "{text} was left out: the row was left out.": "{text} 未录入：该行未录入。",
    "holds a name that was taken out: what is on record stays. To keep it there, use --bring-back "
    "{code}.": (
        "含有已去除的姓名：保留已登记的值。若仍要保留该姓名，请加 --bring-back {code}。"
    ),
    "holds a name that was taken out: left empty. To keep it there, use --bring-back "
    "{code}.": "含有已去除的姓名：留空。若仍要保留该姓名，请加 --bring-back {code}。",
    "holds a name that was taken out: the row was left out. To keep it there, use --bring-back "
    "{code}.": (
        "含有已去除的姓名：该行未录入。若仍要保留该姓名，请加 --bring-back {code}。"
    ),
    # Numbers
    "{text} has more than three decimals: round it to three.": (
        "{text} 的小数超过三位，请先舍入到三位。"
    ),
    "{text} is beyond {most}, up to which numbers are stored exactly.": (
        "{text} 超出能够准确保存的范围 {most}。"
    ),
    "brings the sum of this column beyond {most}, up to which SQLite adds exactly; PostgreSQL has "
    "no such limit.": "使本列合计超出 SQLite 可准确计算的范围 {most}；PostgreSQL 无此限制。",
    "{text} is a range of ranks; a rank is one whole number. Leave it empty, and write the range "
    "as the `award`.": "{text} 是名次范围，而名次是一个整数：请留空，并将该范围写入 `award`。",
    # Years and dates
    "{text} is of the year {year}; dates are from {least} on.": (
        "{text} 的年份是 {year}，日期应不早于 {least} 年。"
    ),
    "is {value}; {column} is of {most} at the latest. Correct the year.": (
        "是 {value}，而 {column} 最晚为 {most} 年：请更正年份。"
    ),
    "is {value}: that comes before {column}, {first}.": "是 {value}，早于 {column} 的 {first}。",
    "is {value}, but {dates}: correct one of them, or leave the year empty.": (
        "是 {value}，而 {dates}：请更正其一，或将年份留空。"
    ),
    "is {value}: that comes before {text}, {first}, from which it follows.": (
        "是 {value}，早于其所依据的 {text}（{first}）。"
    ),
    "is {value}: that comes after {text}, {first}, which follows from it.": (
        "是 {value}，晚于据此产生的 {text}（{first}）。"
    ),
    # Duplicates
    "{text} says what {other} says: name the source there instead of entering it twice.": (
        "{text} 与 {other} 所述相同：请在该条注明来源，不要重复录入。"
    ),
    "{text} may be the same as {other}: compare them.": "{text} 可能与 {other} 相同，请核对。",
    "is the same as {text}: cite both sources there.": "与 {text} 所述相同：请在该条注明两个来源。",
    "is also when {text} began: if they are one, correct that one.": (
        "也是 {text} 开始的时间：若为同一段，请更正那一条。"
    ),
    "{text} is also the name of {people}. The same person? Then use that code.": (
        "{text} 也是 {people} 的姓名。若为同一人，请使用该编码。"
    ),
    "{text} is in no class of the registry's list: it is kept as text.": (
        "{text} 不在登记簿的奖项等级表中，仅作为文字保留。"
    ),
    # Former codes, successors
    "{text} was the code of the record with the key {key}: use another one.": (
        "{text} 曾是标识为 {key} 者的编码，请另给一个。"
    ),
    "{text} was the code of the record with the key {key}: name that key beside it, or give "
    "another "
    "code.": "{text} 曾是标识为 {key} 者的编码：请一并写明该标识，或另给编码。",
    "{text} was the code of the record with the key {key}: it no longer finds that record.": (
        "{text} 曾是标识为 {key} 者的编码，今后不再指向该记录。"
    ),
    "{text} would come after itself.": "{text} 将成为其自身的继任者。",
    "{text} has not ended: a region whose code is in use has no successor. Give it its `ended`.": (
        "{text} 尚未撤销：代码仍在使用的地区没有继任者，请先填写其 `ended`。"
    ),
    "may not be empty: {text} has a successor.": "不能为空：{text} 已有继任者。",
    "is the organisation itself.": "就是该单位本身。",
    "is the region itself.": "就是该地区本身。",
    # Rounds
    "is a round of another honour than this conferral is of.": "是另一荣誉的批次，与本次授予不符。",
    "is another honour than that of {text}, which was conferred in this round.": (
        "与在本批次授予的 {text} 不是同一荣誉。"
    ),
    "was conferred in another round than this one.": "是在另一批次授予的。",
    "is another round than that of {text}, which led to this conferral.": (
        "与产生本次授予的推荐 {text} 不是同一批次。"
    ),
    # Owners
    "is empty, and facts about this are of {names}: name one of them, or '-' for the registry's "
    "own. Without an owner none of them would see it.": (
        "为空，而有关事实分属 {names}：请写明其中之一，或用“-”表示归登记簿所有；"
        "没有所有者，他们都看不到。"
    ),
}  # fmt: skip
PLACE_NAMES_ZH = {"row": "本行", "file": "文件", "folder": "文件夹", "header": "表头"}
PHRASES = MessageTranslator({**REASONS_ZH, **PERSONAL_REASONS_ZH})


NAMED_KIND = re.compile(r"没有 ([A-Z]\w+) ")


def reason_zh(reason: str) -> str | None:
    """Return the translation of a reason; None if there is none."""
    said = PHRASES.in_chinese(reason)
    return said and NAMED_KIND.sub(lambda found: f"没有{chinese_kind(found[1])} ", said)


def chinese_kind(name: str) -> str:
    """Return the term of a kind: 地区 for Region."""
    if name == "Region":  # described in a sentence
        return "地区"
    return "、".join(schema_terms()[0].get(name, [])) or name


def problem_text(problem: Problem, language: Language) -> str:
    if language is Language.ENGLISH:
        return str(problem)
    location = f"{problem.file} 第 {problem.line} 行" if problem.line else problem.file
    column = problem.column.removeprefix("column ")
    if column != problem.column:
        column = f"第 {column} 列"
    column = {"row": "本行", "file": "文件", "folder": "文件夹", "header": "表头"}.get(
        column, column
    )
    reason = reason_zh(problem.reason) or problem.reason
    return mask_identity_numbers(f"{location}，{column}：{reason}")
