import pickle
import re
from pathlib import Path

import numpy as np
import pytest

from labels import LABELS, NOISE_LABELS, PROFILES, ROLES, Label, Role, codes, roles
from labels.label import has_role

ROOT = Path(__file__).parents[2]
BODY, OPTIONAL, NOISE = 0, 1, 2


def test_the_order_of_labels_is_that_of_stored_datasets():
    assert [str(label) for label in LABELS] == [
        "body",
        "title",
        "byline",
        "caption",
        "mixed",
        "navigation",
        "recommendation",
        "comment",
        "advert",
        "social",
        "legal",
        "noise",
    ]


def test_roles_are_body_optional_and_noise():
    assert [str(role) for role in ROLES] == ["body", "optional", "noise"]


def test_noise_labels_are_those_whose_role_is_noise():
    assert {label for label in LABELS if PROFILES["default"][label] is Role.NOISE} == set(
        NOISE_LABELS
    )
    assert len(NOISE_LABELS) == 7


@pytest.mark.parametrize("profile", PROFILES)
def test_every_profile_gives_every_label_a_role(profile):
    assert set(PROFILES[profile]) == set(LABELS)


@pytest.mark.parametrize(
    ("profile", "changed"),
    [
        ("default", {}),
        ("strict", {"title": NOISE, "byline": NOISE, "caption": NOISE}),
        ("with-title", {"title": BODY}),
        ("with-captions", {"caption": BODY}),
        ("with-comments", {"comment": BODY}),
    ],
)
def test_a_profile_moves_only_what_it_is_named_for(profile, changed):
    default = dict.fromkeys(LABELS, NOISE) | {"body": BODY}
    default |= dict.fromkeys(["title", "byline", "caption", "mixed"], OPTIONAL)
    expected = default | changed
    assert roles(codes(LABELS), profile).tolist() == [expected[str(label)] for label in LABELS]


def test_the_default_profile_is_the_default():
    some = codes(["body", "title", "comment", "mixed"])
    assert roles(some).tolist() == [BODY, OPTIONAL, NOISE, OPTIONAL]


def test_no_lines_have_no_roles():
    assert roles(codes([])).shape == (0,)


def test_an_unknown_profile_is_an_error():
    with pytest.raises(KeyError):
        roles(codes(["body"]), "lenient")


def test_codes_are_positions():
    assert codes(["noise", "body", Label.MIXED]).tolist() == [11, 0, 4]
    assert codes(np.array(["title"])).dtype == np.int8


def test_a_name_that_is_no_label_is_an_error():
    with pytest.raises(KeyError, match="navi"):
        codes(["body", "navi"])


def test_every_row_of_the_table_is_whole():
    assert len({label.key for label in LABELS}) == len(LABELS)
    for label in LABELS:
        assert label.role in ROLES
        assert re.fullmatch("[a-z]", label.key)
        assert re.fullmatch("#[0-9a-f]{6}", label.colour)
        assert re.fullmatch("#[0-9a-f]{6}", label.colour_in_dark)
        assert label.meaning
        assert Label(label.value) is label
        assert LABELS[label.code] is label


def test_a_label_survives_a_trip_to_another_process():
    assert pickle.loads(pickle.dumps(Label.ADVERT)) is Label.ADVERT  # noqa: S301


def test_the_lines_of_a_role_are_a_mask():
    some = codes(["body", "title", "comment", "mixed"])
    assert has_role(some, Role.OPTIONAL).tolist() == [False, True, False, True]
    assert has_role(some, Role.BODY, "with-comments").tolist() == [True, False, True, False]


def test_the_guidelines_have_a_row_for_each_label_with_its_role():
    guidelines = (ROOT / "labels/gold/GUIDELINES.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", guidelines, re.MULTILINE)
    assert rows == [(str(label), str(label.role)) for label in LABELS]
