"""Classes of awards, read from the published wording."""

import re
import unicodedata

from kit.values.labelled_enum import LabelledEnum


class AwardClass(LabelledEnum):
    """Classes in descending order within each of three series, and other awards."""

    CHAMPION = "CHAMPION", "冠军"
    RUNNER_UP = "RUNNER_UP", "亚军"
    THIRD_PLACE = "THIRD_PLACE", "季军"
    GOLD = "GOLD", "金奖"
    SILVER = "SILVER", "银奖"
    BRONZE = "BRONZE", "铜奖"
    SPECIAL_PRIZE = "SPECIAL_PRIZE", "特等奖"
    FIRST_PRIZE = "FIRST_PRIZE", "一等奖"
    SECOND_PRIZE = "SECOND_PRIZE", "二等奖"
    THIRD_PRIZE = "THIRD_PRIZE", "三等奖"
    EXCELLENCE = "EXCELLENCE", "优秀奖"


# Words that offices use. An award ends with one of them, or is the class alone, without 奖.
WORDS_BY_CLASS = {
    AwardClass.CHAMPION: "冠军 状元 第一名 第1名 头名 魁首 champion",
    AwardClass.RUNNER_UP: "亚军 榜眼 第二名 第2名 runner-up",
    AwardClass.THIRD_PLACE: "季军 探花 第三名 第3名",
    AwardClass.GOLD: "金奖 金牌 金质奖 金质奖章 金奖章 金 gold goldmedal",
    AwardClass.SILVER: "银奖 银牌 银质奖 银质奖章 银奖章 银 silver silvermedal",
    AwardClass.BRONZE: "铜奖 铜牌 铜质奖 铜质奖章 铜奖章 铜 bronze bronzemedal",
    AwardClass.SPECIAL_PRIZE: "特等奖 特等 特奖 grandprize specialprize",
    AwardClass.FIRST_PRIZE: "一等奖 一等 1等奖 壹等奖 头等奖 头奖 firstprize",
    AwardClass.SECOND_PRIZE: "二等奖 二等 2等奖 贰等奖 secondprize",
    AwardClass.THIRD_PRIZE: "三等奖 三等 3等奖 叁等奖 thirdprize",
    AwardClass.EXCELLENCE: "优秀奖 优秀 优胜奖 优胜 鼓励奖 佳作奖",
}
CLASS_BY_WORD = {word: kind for kind, words in WORDS_BY_CLASS.items() for word in words.split()}
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
    word
    for word in sorted(CLASS_BY_WORD, key=len, reverse=True)
    if not word.isascii() and (len(word) > SHORT_WORD or word in AWARD_TITLES)
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
    text = unicodedata.normalize("NFKC", award).lower()
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
    for word in AWARD_ENDINGS:
        if text.endswith(word):
            return None if NEGATING_PREFIX.search(text.removesuffix(word)) else CLASS_BY_WORD[word]
    return None
