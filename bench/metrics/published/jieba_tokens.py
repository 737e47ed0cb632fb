"""Tokens as jieba cuts them, each part of a text once."""

import re
import warnings
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import chain

_PARTS_KEPT = 1 << 16

# jieba cuts runs of these characters by its dictionary, and each run apart from the others; any
# other character is a token of its own, save that CR LF is one.
_PART = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+|\r\n|.", re.DOTALL)

# Of ASCII alone, the dictionary has five words (C++, AT&T ...), all with one of the signs + # &.
# Without those, jieba falls back to a pattern, which has a decimal fraction or a percentage whole.
_WITHOUT_DICTIONARY = re.compile(r"[a-zA-Z0-9._%\-]+")
_NUMBER_OR_WORD = re.compile(r"[a-zA-Z0-9]+(?:\.[0-9]+)?%?|[._%\-]+")


def jieba_tokens(text: str) -> list[str]:
    """What ``jieba.lcut`` makes of a text with the dictionary that jieba ships."""
    return list(chain.from_iterable(map(_cut, _PART.findall(text))))


@lru_cache(maxsize=_PARTS_KEPT)
def _cut(part: str) -> tuple[str, ...]:
    if len(part) == 1:
        return (part,)
    if _WITHOUT_DICTIONARY.fullmatch(part):
        return tuple(_NUMBER_OR_WORD.findall(part))
    return tuple(_cutter()(part))


@cache
def _cutter() -> Callable[[str], list[str]]:
    """Jieba's default cut, with the dictionary read anew.

    jieba itself keeps the dictionary as marshalled code in the temporary folder that all users
    share, and reads whatever lies there under its name.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # jieba's own, of escapes and of pkg_resources
        import jieba

        tokenizer = jieba.Tokenizer()
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    cut: Callable[[str], list[str]] = tokenizer.lcut
    return cut
