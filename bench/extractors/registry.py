"""Find extractors: the modules beside this one, the baselines, and entry points of packages."""

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from baselines.model import DEFAULT, Model, model_fingerprint
from bench.extractors.extractor import (
    KIT,
    SAFE_NAME,
    Extractor,
    Outcome,
    kit_version,
    package_version,
)
from corpus import DataError, Page
from labels import PROFILES

GROUP = "bench.extractors"
"""The package of third-party extractors, and the group of entry points that add to them."""

_SHARED = {"extractor", "registry"}


def find_extractors() -> dict[str, Extractor]:
    """Find all extractors by name, sorted: third-party modules, baselines, entry points.

    An entry point of a name that is taken is listed as ``NAME@DISTRIBUTION``. One that cannot be
    imported is listed as not installed, with the reason.
    """
    found = {extractor.name: extractor for extractor in (*_modules(), *_baselines())}
    for entry in entry_points(group=GROUP):
        name = entry.name
        if name in found:
            name += f"@{entry.dist.name if entry.dist else entry.value}"
        found[name] = _from_entry(name, entry)
    return dict(sorted(found.items()))


def find(name: str) -> Extractor:
    """Find an extractor that can run, by its name, or a model by its file or folder.

    Raises:
        DataError: if there is none of that name, it is not installed, or the file is no model.
    """
    known = find_extractors()
    extractor = known.get(name)
    if extractor is None and Path(name).exists():
        return _model_of(Path(name))
    if extractor is None:
        close = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(close)}, or another of" if close else "use one of"
        raise DataError(f"no extractor {name!r}; {hint} {', '.join(known)}")
    if extractor.reason is not None:
        raise DataError(f"extractor {name}: {extractor.reason}")
    return extractor


def installed() -> list[Extractor]:
    """List the extractors that can run here."""
    return [extractor for extractor in find_extractors().values() if extractor.reason is None]


def under(extractor: Extractor, profile: str) -> Extractor:
    """Put a model under a profile, so that it keeps what counts as body there; others stay."""
    if profile == DEFAULT or not extractor.spec.startswith("model:"):
        return extractor
    options = {**extractor.options, "profile": profile}
    return replace(extractor, options=options, spec=f"{extractor.spec}:{profile}")


def load(spec: str) -> Callable[[Page], Outcome]:
    """Load the function that a spec stands for, with what it imports.

    Raises:
        DataError: if the spec is of no known kind, or names no baseline.
    """
    kind, _, name = spec.partition(":")
    if kind in {"module", "entry"}:
        function: Callable[[Page], Outcome] = importlib.import_module(name).extract
        return function
    if kind == "rule":
        from baselines.rules import RULES

        if name not in RULES:
            raise DataError(f"no rule {name!r}; use one of {', '.join(RULES)}")
        rule = RULES[name]
        return lambda page: rule(page.lines())
    if kind == "model":
        from baselines.classifier import LineClassifier

        model, _, profile = name.rpartition(":")
        if profile not in PROFILES:  # a colon of the file's path, or none
            model, profile = name, DEFAULT
        classifier = LineClassifier.load(model)
        return lambda page: classifier.keep(page, profile)
    raise DataError(f"extractor spec {spec!r}: unknown kind; use module:, entry:, rule: or model:")


def third_party_modules() -> list[str]:
    """List the modules beside this one that each wrap a third-party extractor, sorted."""
    here = [str(Path(__file__).parent)]
    return sorted({module.name for module in pkgutil.iter_modules(here)} - _SHARED)


def _modules() -> Iterator[Extractor]:
    for name in third_party_modules():
        module = importlib.import_module(f"{GROUP}.{name}")
        yield _from_module(name.replace("_", "-"), module, "module")


def _baselines() -> Iterator[Extractor]:
    from baselines.model import model_version, shipped_models
    from baselines.rules import RULES

    for name in RULES:
        yield Extractor(name, KIT, False, {}, f"rule:{name}", kit_version())
    for name in shipped_models():
        options = {"weights": model_fingerprint(name)}  # that a run of others is not resumed
        yield Extractor(name, KIT, False, options, f"model:{name}", model_version(name))


def _model_of(path: Path) -> Extractor:
    """Make an extractor of a model's file; its weights are in its name, as they may change."""
    model, weights = Model.load(path), model_fingerprint(path)
    options = {"weights": weights, "file": str(path)}
    name, spec = f"{model.name}@{weights}", f"model:{path.resolve()}"
    return Extractor(name, KIT, False, options, spec, model.version)


def _from_module(name: str, module: ModuleType, kind: str) -> Extractor:
    if not callable(module.extract):
        raise TypeError("'extract' is no function")
    package, needs_html, options = str(module.PACKAGE), bool(module.NEEDS_HTML), module.OPTIONS
    installed = package_version(package)
    reason = None if installed else f"not installed; install it with: pip install '{package}'"
    spec = f"{kind}:{module.__name__}"
    return Extractor(name, package, needs_html, dict(options), spec, installed, reason)


def _from_entry(name: str, entry: EntryPoint) -> Extractor:
    try:
        if not SAFE_NAME.fullmatch(name):
            raise ValueError("its name is not safe as a file's name")
        module = entry.load()
        if not isinstance(module, ModuleType):
            raise TypeError(f"{entry.value} is no module")
        return _from_module(name, module, "entry")
    except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code, may raise anything
        package = entry.dist.name if entry.dist else entry.value
        reason = (
            f"its entry point cannot be used ({type(error).__name__}: {error}); "
            f"correct or remove the package '{package}'"
        )
        return Extractor(name, package, False, {}, f"entry:{entry.module}", None, reason)
