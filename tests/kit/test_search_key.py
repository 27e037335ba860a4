"""Readings and normalisation of names, for any input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.text.pinyin import pinyin_sort_key
from kit.text.search_key import (
    fold_for_search,
    fold_query,
    initials,
    pinyin_syllables,
    split_units,
    suffixes,
)
from tests.conftest import STEADY

# 现代汉语词典: what each is as a surname, which for most is not what it is as a word.
LINES = """
    单:shan4 曾:zeng1 仇:qiu2 解:xie4 区:ou1 查:zha1 盖:ge3 朴:piao2 任:ren2 华:hua4 燕:yan1
    翟:zhai2 乐:yue4 员:yun4 缪:miao4 种:chong2 繁:po2 黑:he4 折:she2 秘:bi4 冼:xian3 洗:xian3
    召:shao4 祭:zhai4 盛:sheng4 哈:ha3 覃:qin2 葛:ge3 宁:ning4 过:guo1 隗:wei3 纪:ji3 晁:chao2
    车:che1 柏:bai3 都:du1 薄:bo2 卜:bu3 逄:pang2 能:nai4 臧:zang1 阚:kan4 那:na1 乜:nie4
    莘:shen1 万:wan4 相:xiang4 要:yao1 应:ying1 占:zhan1 重:chong2 角:jue2 观:guan4 句:gou1
    炅:gui4 昝:zan3 訾:zi1 便:pian2 逯:lu4 曲:qu1 石:shi2 沈:shen3 隽:juan4 撒:sa3 余:yu2
    尉:wei4 亓:qi2 适:kuo4 幺:yao1 褚:chu3 俞:yu2 贾:jia3 瞿:qu2 冯:feng2 韩:han2 王:wang2
    吕:lv3 谭:tan2 戴:dai4 尉迟:yu4-chi2 万俟:mo4-qi2 单于:chan2-yu2 长孙:zhang3-sun1
    澹台:tan2-tai2 令狐:ling2-hu2 呼延:hu1-yan2 皇甫:huang2-fu3 濮阳:pu2-yang2 鲜于:xian1-yu2
    亓官:qi2-guan1 宰父:zai3-fu3 拓跋:tuo4-ba2 欧阳:ou1-yang2 诸葛:zhu1-ge3 夏侯:xia4-hou2
    钟离:zhong1-li2
"""
SURNAMES = dict(pair.split(":") for pair in LINES.split())


def test_there_are_enough_surnames() -> None:
    assert len(SURNAMES) >= 60


@pytest.mark.parametrize("surname", SURNAMES)
@pytest.mark.parametrize(("given_name", "reading"), [("明", "ming2"), ("明伟", "ming2 wei3")])
def test_a_surname_is_read_rightly(surname: str, given_name: str, reading: str) -> None:
    name = surname + given_name
    expected = f"{SURNAMES[surname].replace('-', ' ')} {reading}"
    assert pinyin_sort_key(name, person=True) == f"{expected} {name}"
    plain = "".join(char for char in expected if char not in "12345 ")
    assert "".join(pinyin_syllables(name, person=True)) == plain


def test_only_a_person_has_a_surname() -> None:
    """A county is 单县 Shàn whoever reads it; a 单位 has no surname, nor a name from abroad."""
    assert pinyin_sort_key("单位", person=False).startswith("dan1 wei4")
    assert pinyin_sort_key("曾经", person=False).startswith("ceng2 jing1")
    assert not pinyin_sort_key("单约翰森保罗", person=True).startswith("shan4")


@pytest.mark.parametrize("text", [
    "hanlongji", "han long ji", "Han Longji", "HAN LONG-JI", "han_longji", "hán lóng jí",
    "han2 long2 ji2", "Han2long2ji2", "ｈａｎ ｌｏｎｇ ｊｉ", "han'long'ji", " hanlongji ",
])  # fmt: skip
def test_pinyin_is_one_however_it_is_typed(text: str) -> None:
    assert fold_query(text) == "hanlongji"


@pytest.mark.parametrize("text", ["lvbu", "lǚ bù", "lü bu", "lü3 bu4", "lv3bu4", "LYU BU", "Lǚbù"])
def test_an_umlaut_is_one_however_it_is_typed(text: str) -> None:
    assert fold_query(text) == "lvbu" == "".join(pinyin_syllables("吕布", person=True))


@pytest.mark.parametrize(("name", "typed"), [
    ("陈宇", "chenyu"), ("孙玉芳", "Sun Yufang"), ("单于一", "chányú yī"), ("王律", "wanglyu"),
    ("女一", "nyuyi"), ("王女", "wang nyu"),
])  # fmt: skip
def test_an_n_before_yu_may_end_a_syllable(name: str, typed: str) -> None:
    assert fold_query(typed) == "".join(pinyin_syllables(name, person=True))


@pytest.mark.parametrize(("text", "spelling"), [
    ("韓龍吉", "韩龙吉"), ("創新工作室", "创新工作室"),
    ("“青岛工会”微信公众号", "青岛工会微信公众号"),
    ("demo_w12", "demow12"), ("team2", "team2"), ("5G 工匠", "5g工匠"), ("Müller", "muller"),
    ("%", ""), ("_*?'\";--", ""), ("  ", ""), ("", ""), ("\0", ""), ("\ud800", ""),
])  # fmt: skip
def test_a_text_has_one_spelling(text: str, spelling: str) -> None:
    assert fold_query(text) == spelling


def test_what_a_name_holds_begins_at_each_character() -> None:
    assert list(suffixes(split_units("创新cnc室"))) == ["新cnc室", "cnc室"]
    assert list(suffixes(["a", "b", "c"], least=1)) == ["bc", "c"]
    assert list(suffixes(["a"])) == list(suffixes([])) == []
    assert initials(pinyin_syllables("青岛2号楼", person=False)) == ["q", "d", "2", "h", "l"]


@STEADY
@given(st.text())
def test_a_spelling_is_spelt_as_it_is(text: str) -> None:
    assert fold_for_search(fold_for_search(text)) == fold_for_search(text)
    assert all(char.isalnum() for char in fold_for_search(text))
