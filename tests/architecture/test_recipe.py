"""The recipe for a mutation with an event and a notification works, and no step can be forgotten in silence.

A copy of the tree is led through `CONTRIBUTING.md`'s steps (`tests/support/recipe.py`) and its own checks are run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from portal_cli import node
from portal_cli.paths import ROOT, TOOLS
from tests.support.recipe import STEPS, follow

pytestmark = pytest.mark.slow

_COPIED = (
    "chassis",
    "services",
    "gateway",
    "portal_cli",
    "payment_sandbox",
    "tests",
    "docs",
    "conftest.py",
    "pyproject.toml",
)
_IGNORED = shutil.ignore_patterns("fonts")
"""What Python has compiled comes along: it looks at a source's time and size, which a copy keeps."""
_MAILS = "tests/unit/notifications/test_mails.py::test_translations_are_complete"
_ROWS = "tests/e2e/test_tenants.py::test_every_operation_has_a_row"
_READ = "tests/contract/test_inputs_have_outputs.py::test_every_input_has_an_output"
_TYPES = "tests/contract/test_events.py::test_a_type_is_mandatory_exactly_when_we_read_it"
_LANGUAGE = "tests/contract/test_events.py::test_every_domain_event_has_a_translation"
_EXAMPLES = "tests/contract/test_events.py::test_a_published_type_has_a_name_and_an_example"
_KINDS = "tests/contract/test_notifications_schema.py"
_FRESH = (
    "tests/contract/test_schema_files.py::test_the_checked_in_schemas_are_fresh",
    "tests/contract/test_event_contract.py::test_the_checked_in_contract_is_fresh",
    "tests/contract/test_collaboration_schema.py",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the tree, with what npm made for composing."""
    try:
        node.install(TOOLS / "composition")
    except (node.NodeMissing, subprocess.CalledProcessError) as error:
        pytest.skip(f"the schemas cannot be composed: {error}")
    for name in _COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name, **({"ignore": _IGNORED} if copy is shutil.copytree else {}))
    (tmp_path / "services/billing/adapters/pdf/fonts").symlink_to(ROOT / "services/billing/adapters/pdf/fonts")
    (tmp_path / "tools").symlink_to(TOOLS)
    return tmp_path


def python(tree: Path, *arguments: str) -> tuple[int, str]:
    """Run Python in a copy, which imports the copy's packages; return the exit code and all that was printed."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def checked(tree: Path, *tests: str) -> tuple[int, str]:
    """Run some of the copy's tests."""
    return python(tree, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=line", *tests)


def written(tree: Path) -> None:
    """Write the files that are made from code."""
    for command in ("schema", "events"):
        code, said = python(tree, "-m", "portal_cli.main", command)
        assert code == 0, said


def test_the_whole_recipe_is_green(tree: Path) -> None:
    """Who follows every step has a mutation, an event, a notification, and checks that pass."""
    follow(tree)
    written(tree)

    code, said = checked(tree, _MAILS, _ROWS, _READ, _TYPES, _LANGUAGE, _EXAMPLES, _KINDS, *_FRESH)

    assert code == 0, said
    assert "pinComment(" in (tree / "gateway/schema/schema.graphql").read_text("utf-8")


def test_what_is_forgotten_is_named(tree: Path) -> None:
    """Steps that are independent of one another are left out together: each is a sentence of its own."""
    left_out = {"audience", "enumeration", "line of CONSUMED", "line of the table", "row", "read back"}
    follow(tree, {*left_out, "example"})
    python(tree, "-m", "portal_cli.main", "schema")

    _, said = checked(tree, _MAILS, _ROWS, _READ, _TYPES, _LANGUAGE, _KINDS)

    for sentence in (
        "Kind.COMMENT_PINNED has no audience: add it to KINDS_OF in",
        "add COMMENT_PINNED to NotificationKind in services/notifications/api/types.py",
        "no service reads collaboration.comment_pinned.v1:",
        "`pinComment` is in the schema and has no row: add it to MUTATIONS in tests/e2e/matrix.py",
        "PinCommentInput.commentId",
    ):
        assert sentence in said, said


def test_files_that_were_not_written_are_named(tree: Path) -> None:
    """Both commands are named by the failures, and the example that no longer exists is, too."""
    follow(tree)

    _, said = checked(tree, *_FRESH)

    assert "out of date: run `./portal schema`" in said
    assert "out of date: run `./portal events`" in said


@pytest.mark.parametrize(
    ("step", "imported", "sentence"),
    [
        ("one language", "services.notifications.application.phrases", "phrases in 'fr': comment_pinned/client/"),
        (
            "line of the table",
            "services.notifications.messaging.consumers",
            "notifications reads collaboration.comment_pinned.v1 as CommentPinned, to which there is no reaction",
        ),
        ("example", "portal_cli.event_examples", "comment_pinned"),
        (
            "translation",
            "services.collaboration.messaging.published",
            "collaboration does not say what it publishes of CommentPinned: add a row to the table in "
            "services/collaboration/messaging/published.py",
        ),
    ],
)
def test_a_process_does_not_start_without_it(tree: Path, step: str, imported: str, sentence: str) -> None:
    """What would fail at run time fails at the start, with what is missing."""
    started = {
        "services.notifications.messaging.consumers": ".inbox(*[None] * 5)",
        "portal_cli.event_examples": ".example_event(published.CommentPinnedV1)",
    }.get(imported, "")
    follow(tree, {step})

    code, said = python(
        tree, "-c", f"import {imported} as it; from services.collaboration.messaging import published; it{started}"
    )

    assert code == 1
    assert sentence in said


def test_the_steps_are_those_of_the_recipe() -> None:
    """The recipe's table has a row for whatever a step touches."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    touched = {Path(edit.file).name for edits in STEPS.values() for edit in edits}
    assert {name for name in touched if name.replace("__", "\\_\\_") not in text} == set()
