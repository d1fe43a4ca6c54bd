"""The walls of the house, read from the source: who may import whom, and what may not be written at all.

Nothing is imported here, so a wall is also seen where a module cannot be loaded.
"""

import ast
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "shipping", "claims", "config")  # each may import itself and those before it
BANNED_NAMES = {
    *("core", "common", "utils", "util", "helpers", "helper", "misc", "signals"),
    *("manager", "managers", "handle", "handler", "handlers", "process", "data", "info"),
}
FILE_LINES = 300
FILE_LINES_WARNED = 250
FUNCTION_LINES = 60

# Inside an application, the outer layers come first; a module may import its own layer and those after it.
# A name that is not here (a domain package such as `evidence`, `bundle` or `intake`) is the middle layer.
EDGES = {"api", "tasks", "admin", "management", "views", "urls", "apps", "checks"}
OUTSIDE_MIDDLE = {"services": 1, "selectors": 3, "access": 3, "models": 4, "errors": 5}


def layer_of(module: str) -> int:
    """0 for the edges, then services, the middle, selectors, models, and pure rules with errors."""
    parts = module.split(".")
    if len(parts) < 2 or parts[1] in EDGES:
        return 0
    if parts[1] not in OUTSIDE_MIDDLE and ".".join(parts[:2]) in pure_modules():
        return 5
    return OUTSIDE_MIDDLE.get(parts[1], 2)


def sources() -> list[Path]:
    """The product's own modules, without migrations."""
    found = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names of what is imported (`from a import b` gives `a.b`), with the line."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]).rstrip(".")
            yield from ((f"{base}.{name.name}", node.lineno) for name in node.names)


@cache
def pure_modules() -> frozenset[str]:
    """Modules and packages right under an application that lean on nothing in it but their like and errors."""
    leans_on: dict[str, set[str]] = {}
    for path in sources():
        own = ".".join(module_of(path).split(".")[:2])
        names = {".".join(name.split(".")[:2]) for name, _ in imports_of(path)}
        leans_on.setdefault(own, set()).update(
            name for name in names if name.split(".")[0] == own.split(".")[0]
        )
    pure = {name for name in leans_on if name.count(".") == 1}
    outer = EDGES | {"services", "selectors", "access", "models"}
    pure -= {name for name in pure if name.split(".")[1] in outer}
    while rest := {name for name in pure if leans_on[name] - pure}:
        pure -= rest
    return frozenset(pure)


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def docstrings_of(tree: ast.Module) -> set[ast.AST]:
    """Bare strings: they speak about things and do nothing."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def test_applications_import_one_way_only() -> None:
    breaches = []
    for path in sources():
        app = module_of(path).split(".")[0]
        allowed = APPS[: APPS.index(app) + 1]
        for name, line in imports_of(path):
            if name.split(".")[0] in APPS and name.split(".")[0] not in allowed:
                breaches.append(f"{place(path, line)} imports {name}")
    assert breaches == []


def test_no_string_names_an_outer_application() -> None:
    """`"claims.Claim"` in accounts would cross the wall as an import does."""
    breaches = []
    for path in sources():
        app = module_of(path).split(".")[0]
        outer = APPS[APPS.index(app) + 1 :]
        tree = tree_of(path)
        spoken = docstrings_of(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in spoken:
                continue
            head, dot, rest = node.value.partition(".")
            dotted = bool(dot) and rest.replace(".", "").replace("_", "").isalnum()
            if (head in outer and dotted) or node.value in {f"{name}.urls" for name in outer}:
                breaches.append(f"{place(path, node.lineno)} says {node.value!r}")
    assert breaches == []


def test_layers_inside_an_application_import_downward_only() -> None:
    breaches = []
    for path in sources():
        module = module_of(path)
        app = module.split(".")[0]
        if app == "config":
            continue
        for name, line in imports_of(path):
            same = name.split(".")[0] == app and len(name.split(".")) > 1
            if same and layer_of(name) < layer_of(module):
                breaches.append(f"{place(path, line)} ({module}) imports {name}")
    assert breaches == []


def test_services_never_import_tasks() -> None:
    breaches = [
        f"{place(path, line)} imports {name}"
        for path in sources()
        if "services" in path.parts or path.name == "services.py"
        for name, line in imports_of(path)
        if "tasks" in name.split(".")
    ]
    assert breaches == []


def test_no_import_inside_a_function_and_no_star_import() -> None:
    breaches = []
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inner = [each for each in ast.walk(node) if isinstance(each, ast.Import | ast.ImportFrom)]
                breaches += [f"{place(path, each.lineno)} imports inside {node.name}" for each in inner]
            if isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names):
                breaches.append(f"{place(path, node.lineno)} imports *")
    assert breaches == []


def test_no_signals() -> None:
    banned = ("django.db.models.signals", "django.dispatch", "django.core.signals")
    breaches = [
        f"{place(path, line)} imports {name}"
        for path in sources()
        for name, line in imports_of(path)
        if name.startswith(banned)
    ]
    assert breaches == []


def test_no_bare_or_broad_except() -> None:
    breaches = []
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            broad = [
                each for each in caught if each is None or ast.unparse(each) in {"Exception", "BaseException"}
            ]
            if broad:
                breaches.append(place(path, node.lineno))
    assert breaches == []


def test_models_do_not_override_save() -> None:
    breaches = [
        place(path, node.lineno)
        for path in sources()
        for owner in ast.walk(tree_of(path))
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
        if any("Model" in ast.unparse(base) or "Abstract" in ast.unparse(base) for base in owner.bases)
        if not any("Admin" in ast.unparse(base) or "Form" in ast.unparse(base) for base in owner.bases)
    ]
    assert breaches == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [path.stem if path.name != "__init__.py" else path.parent.name for path in sources()]
    assert sorted(set(named) & BANNED_NAMES) == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [place(path, 1) for path in sources() if not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_transactions_are_opened_in_services_only() -> None:
    breaches = []
    for path in sources():
        if "services" in path.parts or path.name == "services.py":
            continue
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "transaction.atomic":
                breaches.append(place(path, node.lineno))
    assert breaches == []


def test_files_and_functions_stay_short() -> None:
    """The limits are a little above the habit (250 and 40 lines); between them is a warning."""
    too_long = []
    for path in sources():
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if path == ROOT / "config" / "settings.py":
            continue  # one file by decision
        if lines > FILE_LINES:
            too_long.append(f"{path.relative_to(ROOT)} has {lines} lines")
        elif lines > FILE_LINES_WARNED:
            warnings.warn(f"{path.relative_to(ROOT)} has {lines} lines", stacklevel=1)
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    too_long.append(f"{place(path, node.lineno)} {node.name} has {length} lines")
    assert too_long == []


def test_no_task_remains_undone_in_a_comment() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    found = [
        place(path, number)
        for path in sources()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any(f"# {word}" in line for word in words)
    ]
    assert found == []


def test_what_the_product_imports_is_pinned_for_running() -> None:
    """A package that only requirements-dev.txt brings would be missing on the newcomer's machine."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    names = (line.partition("==")[0].partition("[")[0] for line in lines if line and not line.startswith("#"))
    pinned = {name.lower().replace("_", "-") for name in names}
    owners = packages_distributions()
    missing = set()
    for path in sources():
        for name, line in imports_of(path):
            top = name.split(".")[0]
            if top in sys.stdlib_module_names or top in APPS or module_of(path) == "config.pytest_postgres":
                continue
            if not {owner.lower().replace("_", "-") for owner in owners.get(top, ["?"])} & pinned:
                missing.add(f"{place(path, line)} imports {name}")
    assert sorted(missing) == []
