"""Cut texts into tokens as jieba does, each part of a text once."""

import re
import warnings
from collections.abc import Callable
from functools import cache, lru_cache

_PARTS_KEPT = 1 << 16

# jieba cuts runs of these characters by its dictionary, and each run apart from the others; any
# other character is a token of its own, save that CR LF is one. Of ASCII alone, the dictionary has
# five words (C++, AT&T ...), all with one of the signs + # &. A run without Han and these signs is
# not looked up: jieba falls back to a pattern, which has a decimal fraction or a percentage whole.
_PLAIN = r"a-zA-Z0-9._%\-"
_LOOKED_UP = r"\u4e00-\u9fd5+#&"
_TO_LOOK_UP = re.compile(f"[{_LOOKED_UP}]")
_BY_DICTIONARY = re.compile(
    f"((?<![{_PLAIN}{_LOOKED_UP}])[{_PLAIN}]*+[{_LOOKED_UP}][{_PLAIN}{_LOOKED_UP}]*+)"
)
_BY_PATTERN = re.compile(r"[a-zA-Z0-9]+(?:\.[0-9]+)?%?|[._%\-]+|\r\n|.", re.DOTALL)


def jieba_tokens(text: str) -> list[str]:
    """Cut a text as ``jieba.lcut`` does with the dictionary that jieba ships."""
    if not _TO_LOOK_UP.search(text):
        return _BY_PATTERN.findall(text)
    tokens: list[str] = []
    for k, part in enumerate(_BY_DICTIONARY.split(text)):
        tokens += _cut(part) if k % 2 else _BY_PATTERN.findall(part)
    return tokens


@lru_cache(maxsize=_PARTS_KEPT)
def _cut(part: str) -> tuple[str, ...]:
    return (part,) if len(part) == 1 else tuple(_cutter()(part))


@cache
def _cutter() -> Callable[[str], list[str]]:
    """Make jieba's default cut, with the dictionary read anew.

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
