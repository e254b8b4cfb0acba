"""Spelling: the many ways to write one name, brought to one (T2-20), and the pieces of text by
which an index finds it.

Here: pure functions over strings. Not here: where the pieces are kept (search_index).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

OLD_AND_NEW = (
    "髙高 﨑崎 嵜崎 邊辺 邉辺 齋斎 齊斎 斉斎 澤沢 濱浜 濵浜 廣広 國国 櫻桜 嶋島"
    " 嶌島 德徳 眞真 惠恵 藏蔵 龍竜 瀧滝 曾曽 冨富 圓円 榮栄 壽寿 禮礼 實実 條条"
    " 學学 鐵鉄 與与 萬万 渕淵 檜桧 藪薮 籠篭 彌弥 龜亀 沖冲 恆恒 巖巌 桒桑 鷗鴎"
    " 關関 豐豊 黑黒 來来 濤涛 嶽岳 舘館 凉涼 晧皓 靜静 莊荘 佛仏 會会 堯尭 遙遥"
    " 瑤瑶 𠮷吉 栁柳 臺台 將将 淺浅 戶戸 絲糸 緖緒 郞郎 兒児 傳伝 勳勲 區区 單単"
    " 嚴厳 增増 壯壮 奧奥 寬寛 寶宝 敎教 晝昼 曉暁 步歩 淨浄 溪渓 澁渋 燈灯 爲為"
    " 發発 稻稲 經経 縣県 總総 聲声 舊旧 藝芸 蘆芦 螢蛍 裝装 覺覚 譽誉 賴頼 邨村"
    " 靑青 驛駅 鷄鶏 麥麦 黃黄 齡齢"
)
_OLD = {ord(pair[0]): pair[1] for pair in OLD_AND_NEW.split()}
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc\u02b9\u201b`\u00b4\uff07]")
_MARKS = re.compile("(?<=[a-z\u03b1-\u03c9\u0430-\u044f])[\u0300-\u036f]+")
_SPELLED = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ı": "i"})
_RUN = re.compile(r"[^\x00-\x7f]+")
BEGIN = "\uf8ff"
"""What stands before the first characters of a line among the pieces."""
_SIGNS = {code: 0xE800 + code for code in range(0x80) if not chr(code).isalnum()}


def one_spelling(folded: str) -> str:
    """Return folded text as every other spelling of it reads: no variation selectors, accents or
    apostrophes, today's kanji, hiragana as katakana.
    """
    if folded.isascii():
        return _APOSTROPHES.sub("", folded)
    text = _APOSTROPHES.sub("", _VARIATIONS.sub("", folded)).translate(_HIRAGANA).translate(_OLD)
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text).translate(_SPELLED))
    return unicodedata.normalize("NFC", bare)


def pieces(lines: Iterable[str]) -> set[str]:
    """Return the characters beyond ASCII of some lines, one and two at a time, and how each line
    begins.
    """
    found: set[str] = set()
    for line in lines:
        for run in _RUN.findall(line):
            found.update(run)
            found.update(run[at : at + 2] for at in range(len(run) - 1))
        found.update(beginnings(line))
    return found


def beginnings(line: str) -> Iterator[str]:
    """The first character of a line and the first two, marked as such."""
    signs = line.translate(_SIGNS)
    yield BEGIN + signs[:1]
    if len(line) > 1:
        yield BEGIN + signs[:2]
