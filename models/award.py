"""Classes of awards, read from the published wording."""

import re
import unicodedata

from kit.values.labelled_enum import LabelledEnum


class AwardClass(
    LabelledEnum,
    description="Class of an award. 第一名 and 状元 are CHAMPION, 金牌 is GOLD. 奖项等级",
):
    """Classes in descending order within each of three series, and other awards."""

    CHAMPION = "CHAMPION", "冠军"
    RUNNER_UP = "RUNNER_UP", "亚军"
    THIRD_PLACE = "THIRD_PLACE", "季军"
    GOLD = "GOLD", "金奖", "Gold prize"
    SILVER = "SILVER", "银奖", "Silver prize"
    BRONZE = "BRONZE", "铜奖", "Bronze prize"
    SPECIAL_PRIZE = "SPECIAL_PRIZE", "特等奖", "Special prize, above the first prize"
    FIRST_PRIZE = "FIRST_PRIZE", "一等奖"
    SECOND_PRIZE = "SECOND_PRIZE", "二等奖"
    THIRD_PRIZE = "THIRD_PRIZE", "三等奖"
    EXCELLENCE = "EXCELLENCE", "优秀奖", "Award of excellence"


# Words that offices use. An award ends with one of them, or is the class alone, without 奖.
WORDS_BY_CLASS = {
    AwardClass.CHAMPION: (
        "冠军 冠军奖 状元 第一名 第1名 第一 第1 头名 魁首 榜首 "
        "champion champions firstplace 1stplace"
    ),
    AwardClass.RUNNER_UP: (
        "亚军 亚军奖 榜眼 第二名 第2名 第二 第2 runner-up runnerup secondplace 2ndplace"
    ),
    AwardClass.THIRD_PLACE: "季军 季军奖 探花 第三名 第3名 第三 第3 thirdplace 3rdplace",
    AwardClass.GOLD: "金奖 金牌 金质奖 金质奖章 金奖章 金 gold goldmedal",
    AwardClass.SILVER: "银奖 银牌 银质奖 银质奖章 银奖章 银 silver silvermedal",
    AwardClass.BRONZE: "铜奖 铜牌 铜质奖 铜质奖章 铜奖章 铜 bronze bronzemedal",
    AwardClass.SPECIAL_PRIZE: "特等奖 特等 特奖 grandprize grandprix specialprize",
    AwardClass.FIRST_PRIZE: "一等奖 一等 1等奖 i等奖 壹等奖 头等奖 头奖 firstprize 1stprize",
    AwardClass.SECOND_PRIZE: "二等奖 二等 2等奖 ii等奖 贰等奖 secondprize 2ndprize",
    AwardClass.THIRD_PRIZE: "三等奖 三等 3等奖 iii等奖 叁等奖 thirdprize 3rdprize",
    AwardClass.EXCELLENCE: "优秀奖 优秀 优胜奖 优胜 优胜奖章 鼓励奖 佳作奖 medallionforexcellence",
}
CLASS_BY_WORD = {term: kind for kind, words in WORDS_BY_CLASS.items() for term in words.split()}
# Lists from Hong Kong and Taiwan, and papers printed there.
SIMPLIFIED = str.maketrans(
    "軍亞獎銀銅質狀貳參勵優勝頭獲隊團證書稱號選圍銷擬沒評爲為",
    "军亚奖银铜质状贰叁励优胜头获队团证书称号选围销拟没评为为",
)
SHORT_WORD = 2  # characters; a word this short must be the whole award, unless it is a title
AWARD_TITLES = {
    "冠军",
    "亚军",
    "季军",
    "状元",
    "榜眼",
    "探花",
    "金奖",
    "银奖",
    "铜奖",
    "金牌",
    "银牌",
    "铜牌",
}
AWARD_ENDINGS = [
    ending
    for ending in sorted(CLASS_BY_WORD, key=len, reverse=True)
    if not ending.isascii() and (len(ending) > SHORT_WORD or ending in AWARD_TITLES)
]
BRACKETS = re.compile(r"[(\[{<《〈【〔「『]([^()]*?)[)\]}>》〉】〕」』]")
AWARD_SEPARATORS = re.compile(r"[、,;/+]")
IGNORED_SIGNS = re.compile(r"[\s\"'“”‘’·.:!。]")
# Words for the holder, which may follow the award.
HOLDER_SUFFIX = re.compile(r"(?:的?(?:获得者|获奖者|得主|选手|称号|队伍?|团队|证书))+$")
# NOT_GIVEN in brackets: nominated, or not conferred. NEGATING_PREFIX before a word: another award.
NOT_GIVEN = re.compile(r"提名|入围|候选|未获|拟[授评获]|取消|撤销")
NEGATING_PREFIX = re.compile(r"(?:[未没](?:能?获得?|有|评为)?|拟[授评获]?|准|非|十)$")


def classify_award(award: str | None) -> AwardClass | None:
    """Return an award's class; None if its wording is unknown or names several classes."""
    if award is None:
        return None
    text = unicodedata.normalize("NFKC", award).lower().translate(SIMPLIFIED)
    inside = BRACKETS.findall(text)
    if any(NOT_GIVEN.search(part) for part in inside):
        return None
    outside = BRACKETS.sub("", text)
    parts = [IGNORED_SIGNS.sub("", part) for part in AWARD_SEPARATORS.split(outside)]
    said = {classify_words(part) for part in parts if part} or {
        classify_words(IGNORED_SIGNS.sub("", part)) for part in inside
    }
    return said.pop() if len(said) == 1 else None


def classify_words(text: str) -> AwardClass | None:
    text = HOLDER_SUFFIX.sub("", text)
    if text in CLASS_BY_WORD:
        return CLASS_BY_WORD[text]
    for ending in AWARD_ENDINGS:
        if text.endswith(ending):
            return (
                None if NEGATING_PREFIX.search(text.removesuffix(ending)) else CLASS_BY_WORD[ending]
            )
    return None
