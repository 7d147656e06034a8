# ruff: noqa: E501 - schemas stay in one line
"""What front-end teams are told works: code generation, persisted documents from it, the README's examples."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from graphql import (
    build_schema,
    get_named_type,
    is_non_null_type,
    is_object_type,
    is_scalar_type,
    is_specified_scalar_type,
    parse,
    validate,
)
from typer.testing import CliRunner

from gateway.__main__ import cli
from gateway.changes import find_changes
from gateway.documented import render_settings
from gateway.errors import render_catalogue
from gateway.limits import Limits
from gateway.quotas import Quotas
from gateway.settings import GatewaySettings
from gateway.supergraph.specifications import render_specifications
from portal_cli import paths
from portal_cli.testing import SCHEMA_CHANGES
from tests.support import npm
from tests.support.checked_in import assert_holds

ROOT = Path(__file__).parents[3]
README_FILE = ROOT / "gateway/README.md"
README = README_FILE.read_text("utf-8")
OPERATIONS = """
query Home($first: Int) { me { ...Person } invoices(first: $first) { id total owner { ...Person } } }
fragment Person on User { id name }
mutation Pay($input: PayInput!) { pay(input: $input) { id total } }
"""


@pytest.mark.slow
async def test_code_generation_works_against_the_gateway(world, make_world, tmp_path, monkeypatch):
    """The recommended configuration reads the schema from the endpoint, and its manifest is what the gateway takes."""
    folder = npm.installed("codegen")
    (tmp_path / "operations.graphql").write_text(OPERATIONS)
    for name, value in (
        ("GRAPHQL", world.url),
        ("DOCUMENTS", tmp_path / "*.graphql"),
        ("GENERATED", f"{tmp_path}/made/"),
    ):
        monkeypatch.setenv(f"PORTAL_{name}", str(value))
    code, out, err = await npm.run_node(
        folder, "node_modules/@graphql-codegen/cli/cjs/bin.js", "--config", "codegen.yml", seconds=180
    )
    assert code == 0, out + err
    made = (tmp_path / "made" / "graphql.ts").read_text()
    assert "HomeQuery" in made
    assert "PayMutationVariables" in made
    manifest = tmp_path / "made" / "persisted-documents.json"
    strict = await make_world(persisted_documents=manifest, persisted_only=True)
    ids = {
        ("mutation" if "mutation" in text else "query"): number
        for number, text in json.loads(manifest.read_text()).items()
    }
    async with strict.client.post(strict.url, json={"documentId": ids["query"], "variables": {"first": 1}}) as answer:
        assert (await answer.json())["data"]["invoices"][0]["owner"] == {"id": "1", "name": "Ada"}
    async with strict.client.post(strict.url, json={"query": "{ me { id } }"}) as answer:
        assert answer.status == 400


def published_schema():
    """Return the portal's own schema, as front-end teams get it."""
    return build_schema((ROOT / "gateway/schema/schema.graphql").read_text("utf-8"))


def scalars():
    """Return the names of the published schema's own scalars, with where each is specified."""
    types = published_schema().type_map.values()
    return {
        one.name: one.specified_by_url for one in types if is_scalar_type(one) and not is_specified_scalar_type(one)
    }


def test_every_scalar_is_specified():
    """Each names the document that says what its text looks like."""
    assert scalars()
    assert [name for name, url in scalars().items() if not (url or "").startswith("https://")] == []


def test_every_scalar_is_mapped_for_generators():
    """The checked-in configuration and the page for typed clients know exactly these."""
    mapped = re.findall(r"(?m)^        (\w+): string$", (ROOT / "tools/codegen/codegen.yml").read_text())
    assert set(mapped) == scalars().keys()
    rows = re.findall(r"(?m)^\| `(\w+)` \| text", (ROOT / "docs/frontend.md").read_text("utf-8"))
    assert set(rows) == scalars().keys()


def _reaching(schema, wanted):
    """Return fields of objects (`Type.field`) whose value is one of these scalars, one for each."""
    found = {}
    for type_ in schema.type_map.values():
        for name, field in (type_.fields if is_object_type(type_) and not type_.name.startswith("__") else {}).items():
            scalar = get_named_type(field.type).name
            if scalar in wanted and not any(is_non_null_type(one.type) for one in field.args.values()):
                found.setdefault(scalar, (type_.name, name))
    return found


@pytest.mark.slow
async def test_generated_types_know_every_scalar(tmp_path, monkeypatch):
    """A document that touches each of them is generated with strings, and never with `unknown`."""
    folder, reached = npm.installed("codegen"), _reaching(published_schema(), scalars())
    assert reached.keys() == scalars().keys()
    fragments = [f"fragment Of{scalar} on {type_} {{ {field} }}" for scalar, (type_, field) in reached.items()]
    (tmp_path / "fragments.graphql").write_text("\n".join(fragments))
    for name, value in (
        ("GRAPHQL", ROOT / "gateway/schema/schema.graphql"),
        ("DOCUMENTS", tmp_path / "*.graphql"),
        ("GENERATED", f"{tmp_path}/made/"),
    ):
        monkeypatch.setenv(f"PORTAL_{name}", str(value))
    program = "node_modules/@graphql-codegen/cli/cjs/bin.js"
    code, out, err = await npm.run_node(folder, program, "--config", "codegen.yml", seconds=180)
    assert code == 0, out + err
    made = (tmp_path / "made" / "graphql.ts").read_text()
    for scalar, (_, field) in reached.items():
        assert re.search(rf"(?m)^export type Of{scalar}Fragment = .*\b{field}\??: string\b", made), scalar


def test_the_readmes_documents_are_valid():
    """Every GraphQL example in the README fits the published schema."""
    examples = re.findall(r"```graphql\n(.*?)```", README, re.DOTALL)
    assert len(examples) >= 3
    for example in examples:
        assert validate(published_schema(), parse(example)) == [], example


def test_the_readme_lists_the_catalogue():
    """The table of codes is the one that `python -m gateway errors` prints."""
    assert_holds(README_FILE, render_catalogue(), "python -m gateway errors")


def test_the_readme_lists_every_setting_and_limit():
    """The tables are those of `python -m gateway settings`, and no setting and no limit is missing in them."""
    tables = render_settings()
    assert_holds(README_FILE, tables, "python -m gateway settings")
    named = re.findall(r"(?m)^\| `(\w+)` \|", tables)
    settings = [f"PORTAL_{name.upper()}" for name in GatewaySettings.model_fields]
    limits = [field.name for field in fields(Limits) if field.name != "introspection"]
    assert named == settings + limits + [field.name for field in fields(Quotas)]


def test_the_readme_lists_every_specification():
    """The table is the one that `python -m gateway specifications` prints."""
    assert_holds(README_FILE, render_specifications(), "python -m gateway specifications")
    assert render_specifications() in CliRunner().invoke(cli, ["specifications"]).stdout


def test_the_readme_names_files_that_exist():
    """Links and paths of the README lead somewhere."""
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / "gateway" / link).exists()] == []


def test_the_readme_names_settings_that_exist():
    """Every `PORTAL_…` of the README is a setting or used by the code generator's configuration."""
    known = {f"PORTAL_{name.upper()}" for name in GatewaySettings.model_fields}
    known |= set(re.findall(r"PORTAL_\w+", (ROOT / "tools/codegen/codegen.yml").read_text()))
    used = set(re.findall(r"PORTAL_[A-Z_]+\b", README)) - {"PORTAL_SUBGRAPH_"}
    assert used - known - {name for name in used if name.startswith("PORTAL_SUBGRAPH_")} == set()


REMOVED = "Field Query.b was removed."


@pytest.mark.parametrize(
    ("old", "new", "accepted", "refused", "text"),
    [
        ("type Query { a: Int b: Int }", "type Query { a: Int }", "", [f"breaks clients and is not listed as accepted: {REMOVED}"], f"## Breaking\n\n- {REMOVED}"),
        ("type Query { a: Int b: Int }", "type Query { a: Int }", f"# Soon\n\n- {REMOVED}\n  Nobody asks for it.\n", [], f"## Breaking\n\n- {REMOVED}"),
        ("type Query { a: Int }", "type Query { a: Int }", f"- {REMOVED}", [f"is listed as accepted but does not occur: {REMOVED}"], "No changes."),
        ("type Query { a: Int }", "type Query { a: Int! }", "", [], "## Safe"),
        ("type Query { a: E } enum E { A }", "type Query { a: E } enum E { A B }", "", [], "## Dangerous\n\n- Enum value E.B was added."),
        ("type Query { a: Int }", "type Query { a: Int }", "", [], "No changes."),
    ],
)  # fmt: skip
def test_the_change_log_tells_what_breaks(old, new, accepted, refused, text):
    """Breaking, dangerous and safe changes are apart; only what breaks unaccepted, or is accepted in vain, fails."""
    changes = find_changes(old, new)
    assert changes.render().startswith(text)
    assert changes.refusals(accepted) == refused


def changes_since_the_release(**files: Path) -> tuple[int, str, str]:
    """Run what `./portal test` runs, with other files in place of the checked-in ones."""
    replaced = {str(getattr(paths, name)): str(file) for name, file in files.items()}
    module, *arguments = SCHEMA_CHANGES[1:]
    assert module == "gateway"
    done = CliRunner().invoke(cli, [replaced.get(argument, argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_ci_refuses_what_breaks_the_released_schema(tmp_path):
    """A field taken away fails the run, accepted it passes; a new enum value passes and is told."""
    released = paths.RELEASED_SCHEMA.read_text("utf-8")
    broken, wider, accepted = (tmp_path / name for name in ("broken.graphql", "wider.graphql", "accepted.md"))
    nothing = tmp_path / "nothing.md"
    nothing.write_text("# Nothing is accepted\n")
    broken.write_text(re.sub(r"(?m)^  me: ", "  myself: ", released, count=1))
    wider.write_text(re.sub(r"(?m)^enum EstimateStatus \{$", "enum EstimateStatus {\n  SHREDDED", released, count=1))
    accepted.write_text("- Field Query.me was removed.\n")

    code, told, refused = changes_since_the_release(GATEWAY_SCHEMA=broken, ACCEPTED_CHANGES=nothing)
    assert (code, refused) == (1, "breaks clients and is not listed as accepted: Field Query.me was removed.\n")
    assert told.startswith("## Breaking\n\n- Field Query.me was removed.\n")

    assert changes_since_the_release(GATEWAY_SCHEMA=broken, ACCEPTED_CHANGES=accepted) == (0, told, "")

    code, told, refused = changes_since_the_release(GATEWAY_SCHEMA=wider, ACCEPTED_CHANGES=nothing)
    assert (code, refused) == (0, "")
    assert told.startswith("## Dangerous\n\n- Enum value EstimateStatus.SHREDDED was added.")


def test_the_schema_breaks_nothing_since_its_release():
    """Whatever front-end teams build against the released schema still works, but for what is accepted."""
    code, told, refused = changes_since_the_release()
    print(f"\n{told}")
    assert (code, refused) == (0, "")
