"""Plausible names of people who don't exist."""

import csv
from pathlib import Path

PUBLISHED = Path(__file__).parents[2] / "examples" / "published" / "workers.csv"

SURNAMES = (
    "王李张刘陈杨黄赵吴周王李张刘陈徐孙马朱胡郭何林高罗郑梁谢宋唐"
    "许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢钟姜崔谭"
)
# Names that parents chose for those who learn now, and for those who teach them.
GIVEN_OF_TRAINEES = "浩宇轩涵子怡欣雨佳俊杰博思晨嘉琪诗雅天瑞昊然诺铭泽睿婷雪瑶辰凯航乐彤锐"
GIVEN_OF_MENTORS = "建志德明永福海庆树宝忠义成光玉秀凤桂芳兰丽红娟军磊勇伟敏芬"
SHORT = 0.15  # the share of given names that have one character


def published_names() -> set[str]:
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        return {row["name"] for row in csv.DictReader(file)}
