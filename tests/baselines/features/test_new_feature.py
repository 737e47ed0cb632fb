"""A new feature is one module: shipped models are as they were, what is trained has the column."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NEW = '''
"""Columns of questions: a survey is full of them."""

from baselines.features.columns import matrix, mean_around

VIEWS = ("text", "html")


def columns(batch):
    """Compute which lines are questions, and how many around are."""
    is_question = batch.characters.points[batch.characters.lengths.cumsum() - 1] == ord("?")
    around = mean_around(is_question.astype(float), 3, batch.bounds)
    return matrix({"question": is_question, "questions_around": around})
'''
SHIPPED = """
import hashlib
from baselines import LineClassifier, shipped_models
from corpus.starter import starter_pages

pages = list(starter_pages())
for name in shipped_models():
    classifier = LineClassifier.load(name)
    found = hashlib.sha256()
    for page in pages:
        for column in (*classifier.decide(page.lines()), classifier.label(page)):
            found.update(column.tobytes())
    print(name, found.hexdigest())
"""
TRAINED = """
import json
import numpy as np
from baselines import LineClassifier
from labels import open_dataset

labelled = [page for page in open_dataset("starter").pages("train")][:12]
model = LineClassifier("logreg").fit([l.page for l in labelled], [l.labels for l in labelled]).model_
def last(view):  # before what the names of elements say
    count = len(view.inputs.names) - 2 * (view.names is not None)
    return [view.inputs.names[count - 2 : count], bool(np.all(view.second.articles.weight[count - 2 : count]))]
print(json.dumps([last(model.text), last(model.html)]))
"""


def run(folder, code):
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=folder, capture_output=True, text=True,
        env={"PYTHONPATH": str(folder), "PATH": ""}, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def with_new_feature(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy")
    for package in ("corpus", "labels", "baselines"):
        ignored = shutil.ignore_patterns("__pycache__", ".lock")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    (folder / "baselines/features/questions.py").write_text(NEW, encoding="utf-8")
    return folder


def test_shipped_models_decide_bit_for_bit_as_before(with_new_feature):
    before = run(ROOT, SHIPPED)
    assert before.startswith("logreg ")
    assert run(with_new_feature, SHIPPED) == before


def test_what_is_trained_has_the_new_columns_in_both_views(with_new_feature):
    names = ["question", "questions_around"]
    assert json.loads(run(with_new_feature, TRAINED)) == [[names, True], [names, True]]
