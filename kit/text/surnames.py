"""Readings of surnames that differ from those of the word: 单 is dān, but as a surname Shàn.

After 现代汉语词典, which marks such readings 姓; if there are several, the more common one. Tones
are numbers, as in pypinyin. Surnames that pypinyin reads correctly have no line.
"""

from collections.abc import Iterator

ONE_CHARACTER = """
    单:shan4 曾:zeng1 仇:qiu2 解:xie4 区:ou1 查:zha1 盖:ge3 朴:piao2 任:ren2 华:hua4 燕:yan1
    翟:zhai2 乐:yue4 员:yun4 缪:miao4 种:chong2 繁:po2 黑:he4 折:she2 秘:bi4 冼:xian3 洗:xian3
    召:shao4 祭:zhai4 盛:sheng4 哈:ha3 覃:qin2 葛:ge3 宁:ning4 过:guo1 隗:wei3 纪:ji3 晁:chao2
    车:che1 柏:bai3 都:du1 薄:bo2 卜:bu3 逄:pang2 能:nai4 臧:zang1 阚:kan4 那:na1 乜:nie4 谌:chen2
    莘:shen1 万:wan4 相:xiang4 要:yao1 应:ying1 於:yu1 占:zhan1 郗:xi1 重:chong2 角:jue2 观:guan4
    句:gou1 勾:gou1 炅:gui4 昝:zan3 訾:zi1 便:pian2 逯:lu4 蔚:yu4 曲:qu1 石:shi2 沈:shen3 隽:juan4
    撒:sa3 强:qiang2 余:yu2 尉:wei4 鲜:xian1 幸:xing4 奇:qi2 亓:qi2 适:kuo4 幺:yao1 褚:chu3 俞:yu2
    殷:yin1 樊:fan2 冯:feng2 贾:jia3 尹:yin3 瞿:qu2 舍:she4 难:nan4 揭:jie1
    粘:nian2 行:xing2 颉:xie2 郄:qie4 闾:lv2
"""
TWO_CHARACTERS = """
    尉迟:yu4-chi2 万俟:mo4-qi2 单于:chan2-yu2 长孙:zhang3-sun1 澹台:tan2-tai2 令狐:ling2-hu2
    呼延:hu1-yan2 皇甫:huang2-fu3 濮阳:pu2-yang2 鲜于:xian1-yu2 亓官:qi2-guan1 夹谷:jia1-gu3
    宰父:zai3-fu3 谷梁:gu3-liang2 拓跋:tuo4-ba2 欧阳:ou1-yang2 上官:shang4-guan1 诸葛:zhu1-ge3
    司马:si1-ma3 司徒:si1-tu2 司空:si1-kong1 夏侯:xia4-hou2 东方:dong1-fang1 端木:duan1-mu4
    钟离:zhong1-li2 公孙:gong1-sun1 仲孙:zhong4-sun1 轩辕:xuan1-yuan2 慕容:mu4-rong2 宇文:yu3-wen2
    赫连:he4-lian2 闻人:wen2-ren2 淳于:chun2-yu2 太叔:tai4-shu1 申屠:shen1-tu2 公冶:gong1-ye3
    宗政:zong1-zheng4 闾丘:lv2-qiu1 东郭:dong1-guo1 南宫:nan2-gong1 羊舌:yang2-she2
    微生:wei1-sheng1 梁丘:liang2-qiu1 左丘:zuo3-qiu1 百里:bai3-li3 独孤:du2-gu1 第五:di4-wu3
"""


# How else some of them are read: by families that read them so, and by who doesn't know better.
# After the same dictionary and 汉语大字典; lu is how lü is typed where there is no key for it.
OTHER_ONE_CHARACTER = """
    单:dan1 曾:ceng2 仇:chou2 解:jie3 区:qu1 查:cha2 盖:gai4 朴:pu3,piao4 任:ren4 华:hua2 燕:yan4
    翟:di2 乐:le4 员:yuan2 缪:miu4,mou2 种:zhong3 繁:fan2 黑:hei1 折:zhe2 秘:mi4 洗:xi3 召:zhao4
    祭:ji4 盛:cheng2 覃:tan2,xun2 宁:ning2 过:guo4 隗:kui2 纪:ji4 车:ju1 柏:bo2 都:dou1 薄:bao2
    能:neng2 那:nuo2 乜:mie1 莘:xin1 万:mo4 要:yao4 应:ying4 占:zhan4 郗:chi1 重:zhong4 角:jiao3
    观:guan1 句:ju4 炅:jiong3 便:bian4 蔚:wei4 隽:jun4 尉:yu4 奇:ji1 适:shi4 舍:she3 难:nan2
    谌:shen4 褚:zhu3 俞:yu2,shu4 逄:feng2 强:jiang4 石:dan4 沈:chen2 贾:gu3 殷:yan1
    吕:lu3 牟:mou2,mu4 叶:ye4,xie2 谷:gu3,yu4 佴:nai4,er4 郇:xun2,huan2 宓:mi4,fu2 贲:ben1,bi4
    臧:cang2 藏:zang4,cang2 费:fei4,bi4 郝:hao3,he4 宿:su4,xiu3 晟:sheng4,cheng2 校:xiao4,jiao4
    粘:zhan1 行:hang2 颉:jie2 郄:xi4 闾:lu2
"""
OTHER_TWO_CHARACTERS = """
    尉迟:wei4-chi2 万俟:wan4-si4 单于:shan4-yu2,dan1-yu2 长孙:chang2-sun1 澹台:dan4-tai2
    闾丘:lu2-qiu1 夹谷:jia1-yu4 亓官:qi2-guan1
"""


def parse_readings(lines: str) -> dict[str, tuple[str, ...]]:
    pairs = (pair.split(":") for pair in lines.split())
    return {surname: tuple(reading.split("-")) for surname, reading in pairs}


def parse_other_readings(lines: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Surnames of which several other readings may be named, joined by commas."""
    pairs = (pair.split(":") for pair in lines.split())
    return {
        surname: tuple(tuple(reading.split("-")) for reading in all_of.split(","))
        for surname, all_of in pairs
    }


SURNAME_READINGS = parse_readings(ONE_CHARACTER) | parse_readings(TWO_CHARACTERS)
OTHER_READINGS = parse_other_readings(OTHER_ONE_CHARACTER) | parse_other_readings(
    OTHER_TWO_CHARACTERS
)
# Characters of a name that begins with a surname; longer ones are spelt from abroad.
MAX_NAME_LENGTH = 4


def split_surname(name: str) -> tuple[tuple[str, ...], str]:
    """Return the reading of the surname, and the rest; no reading if it is the usual one."""
    if 2 <= len(name) <= MAX_NAME_LENGTH:
        for length in (2, 1):
            if len(name) > length and (reading := SURNAME_READINGS.get(name[:length])):
                return reading, name[length:]
    return (), name


def other_surname_splits(name: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """As `split_surname`, with each further reading of a surname that has some.

    单于一 may be of the family 单于, or of the family 单.
    """
    if not 2 <= len(name) <= MAX_NAME_LENGTH:
        return
    for length in (2, 1):
        surname, given = name[:length], name[length:]
        if given:
            yield from ((reading, given) for reading in OTHER_READINGS.get(surname, ()))
    if name[:2] in SURNAME_READINGS and len(name) > 2 and name[0] in SURNAME_READINGS:
        yield SURNAME_READINGS[name[0]], name[1:]
