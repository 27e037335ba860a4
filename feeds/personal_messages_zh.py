"""Chinese translations of the problems of personal data, beside those in feeds.chinese."""

PERSONAL_REASONS_ZH: dict[str, str] = {
    "there is no worker {text}.": "没有职工 {text}。",
    "is in an earlier line already.": "已在前面的行中出现。",
    "is on record as that of another worker.": "已登记为另一职工所有。",
    "disagrees with another birth date in this load or on record.": (
        "与所给或已登记的另一出生日期不符。"
    ),
    "goes with the key of one of the worker's, in the column {column}.": (
        "须在 {column} 列一并给出该职工相应记录的标识。"
    ),
    "says that the worker is 18; a birth date in this load or on record says otherwise.": (
        "称该职工已满 18 岁，而所给或已登记的出生日期并非如此。"
    ),
    "says that the worker is under 14: write true in guardian_agreed once a guardian has agreed.": (
        "表明该职工未满 14 岁：取得监护人同意后，请在 guardian_agreed 列填 true。"
    ),
    "No legal basis is on record for {names}: the steward enters it with 'python cli.py personal "
    "basis add'.": (
        "{names} 没有登记的处理依据：请登记管理方用“python cli.py personal basis add”登记。"
    ),
    # Numbers
    "begins with no place that ever had a code.": "开头不是任何曾有代码的地区。",
    "begins with 9 where it has 18 digits.": "为 18 位时应以 9 开头。",
    "begins with {prefixes}.": "应以 {prefixes} 开头。",
    "is the number of another kind of card.": "是另一种证件的号码。",
    "has 18 digits, of which the last may be X.": "应为 18 位数字，末位可为 X。",
    "has a wrong check digit: a digit was mistyped.": "校验位不符：有数字输错。",
    "holds a birth date that is no day.": "其中的出生日期不是有效日期。",
    "is no day; write it as 1990-01-31.": "不是日期，写法如 1990-01-31。",
    "has a birth date after today, or before 1900.": ("出生日期在今天之后，或早于 1900 年。"),
    "has {least} to {most} letters and digits.": "应为 {least} 至 {most} 位字母和数字。",
    "has 3 letters and 12 digits, or 18.": "应为 3 个字母和 12 位数字，或 18 位。",
    "is H or M and 8 digits.": "应为 H 或 M 和 8 位数字。",
    "has 8 digits.": "应为 8 位数字。",
    "is no phone number; write one from abroad with + and its country.": (
        "不是电话号码；境外号码请写 + 和国家代码。"
    ),
    # Erased persons
    "is the number of an erased person{more}": "是已删除者的号码{more}",
    "is the birth date of an erased person with that name{more}": (
        "是已删除的同名者的出生日期{more}"
    ),
    ": left out. To enter the line all the same, use --bring-back {code}.": (
        "：未录入。若仍要录入该行，请加 --bring-back {code}。"
    ),
}
