import re
from pathlib import Path

import pytest

from baselines import shipped_models
from baselines.model import MODELS
from baselines.training import model_card

TEMPLATE = Path(model_card.__file__).with_name(model_card.TEMPLATE).read_text(encoding="utf-8")
WITHOUT_LABELS = "No page was labelled line by line"


@pytest.mark.parametrize("name", shipped_models())
def test_a_shipped_card_says_what_the_kit_would_write(name):
    """All but the figures, which need the training pages."""
    card = (MODELS / f"{name}.md").read_text(encoding="utf-8").splitlines()
    fixed = [
        line
        for line in TEMPLATE.splitlines()
        if not re.search("{[{%]", line) and not line.startswith(WITHOUT_LABELS)
    ]
    assert len(fixed) > 40
    assert [line for line in fixed if line not in card] == []
    assert f"# {name}" in card
    assert any(line.startswith("Expected calibration error 0.0") for line in card)
