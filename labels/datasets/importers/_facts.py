"""What sources state of a page beside its text: title, author and date."""

import calendar
import re
from typing import Any

from corpus import clean
from labels.projection import Facts


def text_of(value: Any) -> str | None:
    """Clean a text, or join a list of such; None for what is blank or no text."""
    if isinstance(value, list):
        value = ", ".join(str(part) for part in value)
    return clean(value) if isinstance(value, str) and value.strip() else None


def facts_of(title: Any, author: Any, date: Any) -> Facts:
    """Collect what marks a page's title line and byline; each may be missing."""
    return Facts(text_of(title), text_of(author), date_pattern(text_of(date)))


def date_pattern(date: str | None) -> re.Pattern[str] | None:
    """Pattern of lines that show an ISO date in any usual order, months as numbers or names."""
    found = re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", date or "")
    if not found:
        return None
    year, month, day = found[1], int(found[2]), int(found[3])
    if month not in range(1, 13):
        return None
    months = rf"(?:0?{month}|{calendar.month_name[month][:3]}\w*)"
    days = rf"0?{day}(?:st|nd|rd|th)?"
    east_asian = rf"(?<!\d){year}\s*[年년]\s*0?{month}\s*[月월]\s*0?{day}\s*[日일]"
    return re.compile(
        rf"{east_asian}|\b(?:{year}\W+{months}\W+{days}|{months}\W+{days}\W+{year}|{days}\W+{months}\W+{year})\b",
        re.IGNORECASE,
    )
