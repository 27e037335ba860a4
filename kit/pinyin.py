"""The key by which names are sorted."""

import re
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Signs between Chinese characters, which are read together all the same.
BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])[^\w]+(?=[\u3400-\u9fff])")


# Many people have the same name, and reading one takes 50 microseconds.
@lru_cache(maxsize=2**17)
def pinyin_key(name: str) -> str:
    """Syllables with tone numbers, then the name itself: one order on every database.

    韩龙吉 gives `han2 long2 ji2 韩龙吉`; letters and digits stand as they are, in lower case.
    Quotation marks and other signs count for nothing.
    """
    spoken = BETWEEN.sub("", name.casefold())
    spoken = "".join(char if char.isalnum() else " " for char in spoken)
    syllables = lazy_pinyin(spoken, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join([*" ".join(syllables).split(), name])
