"""Models of the events, made by other people's generators from the checked-in contract: they compile, and lose nothing.

Each generator's models read every example and write it again; what they write is the same event.
"""

import json
from pathlib import Path

import pytest

from portal_cli.event_contract import FOLDER
from portal_cli.foreign import EVENT_PYTHON, GO_JSONSCHEMA, JAVA_JARS
from tests.support.event_models import EXAMPLES, LINES, MODELS, NAMES, said, written_again
from tests.support.foreign import program
from tests.support.npm import installed

SCHEMAS = FOLDER / "schemas"
GO_MODULE = "module events\n\ngo 1.22\n"
GO_MAIN = """package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	models "events/models"
)

var kinds = map[string]func() any{
%s
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), "\\t")
		event := kinds[name]()
		if err := json.Unmarshal([]byte(text), event); err != nil {
			panic(name + ": " + err.Error())
		}
		written, err := json.Marshal(event)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(written))
	}
}
"""
PYTHON_MAIN = """
import importlib, sys
for line in sys.stdin:
    name, text = line.rstrip("\\n").split("\\t")
    module = importlib.import_module("models." + sys.argv[1:][names.index(name)])
    print(getattr(module, name).model_validate_json(text).model_dump_json(by_alias=True, exclude_unset=True))
"""


@pytest.fixture(scope="module")
def modelina(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Modelina's models in TypeScript and Java."""
    folder = tmp_path_factory.mktemp("modelina")
    said(["node", "modelina.mjs", FOLDER / "asyncapi.json", folder], folder=installed("event-models"))
    return folder


def go_program_of(folder: Path) -> None:
    """Write the program that reads and writes with the Go package `models` beside it."""
    (folder / "go.mod").write_text(GO_MODULE)
    kinds = "\n".join(f'\t"{name}": func() any {{ return &models.{name}{{}} }},' for name in NAMES)
    (folder / "main.go").write_text(GO_MAIN % kinds)


def quicktype(language: str, target: Path, *options: str) -> None:
    sources = [part for file in sorted(SCHEMAS.glob("*.json")) for part in ("--src", file)]
    tool = installed("event-models")
    command = ["node", "node_modules/quicktype/dist/index.js", "--src-lang", "schema", "--lang", language]
    target.parent.mkdir(parents=True, exist_ok=True)
    said([*command, *options, *sources, "--out", target], folder=tool)


def test_spectral_finds_nothing() -> None:
    """Spectral's rules for AsyncAPI have no finding, neither error nor hint."""
    tool = installed("event-models")
    lint = ["node", "node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--fail-severity", "hint"]
    assert "No results" in said([*lint, "-r", ".spectral.yaml", FOLDER / "asyncapi.json"], folder=tool)


def test_every_model_of_modelina_has_a_name_and_its_required_fields(modelina: Path) -> None:
    """A type for each event, none without a name, and what is required is not optional, in TypeScript."""
    names = {file.stem for file in (modelina / "typescript").glob("*.ts")}
    paid = (modelina / "typescript" / "InvoicePaidData.ts").read_text()

    assert set(NAMES) <= names
    assert [name for name in names if name.startswith("Anonymous")] == []
    assert "'paymentId': string;" in paid
    assert "'dueDate': string | null;" in paid


def test_typescript_takes_every_example_for_the_type_that_modelina_made(modelina: Path) -> None:
    """The strict compiler finds every example to be of its type, field by field."""
    tool, folder = installed("event-models"), modelina / "typescript"
    lines = [f"import type {{ {name} }} from './{name}';" for name in NAMES]
    lines += [
        f"export const example{name}: {name} = {json.dumps(example)};"
        for name, example in zip(NAMES, EXAMPLES, strict=True)
    ]
    (folder / "examples.ts").write_text("\n".join(lines))
    strict = ["--strict", "--noEmit", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"]
    said(["node", tool / "node_modules/typescript/bin/tsc", *strict, folder / "examples.ts"], folder=folder)


def test_java_reads_and_writes_every_example_with_modelinas_models(modelina: Path) -> None:
    """javac takes the models, Jackson reads every example into them and writes the same event."""
    jars, tool, folder = program(JAVA_JARS), installed("event-models"), modelina / "java"
    classes = f"{jars}/*:{folder}"
    sources = [str(file) for file in (folder / "events").glob("*.java")]
    said(["javac", "-proc:none", "-cp", classes, "-d", folder, *sources, tool / "Again.java"], folder=folder)

    assert written_again(said(["java", "-cp", classes, "Again"], folder=folder, given=LINES)) == EXAMPLES


def test_typescript_reads_and_writes_every_example_with_quicktypes_models(tmp_path: Path) -> None:
    """tsc takes them, and their run-time checks let every example through unharmed."""
    tool = installed("event-models")
    quicktype("typescript", tmp_path / "models.ts")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    strict = ["--strict", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"]
    said(["node", tool / "node_modules/typescript/bin/tsc", *strict, "models.ts"], folder=tmp_path)

    printed = said(["node", tool / "again.mjs", tmp_path / "models.js"], folder=tool, given=LINES)
    assert written_again(printed) == EXAMPLES


def test_go_reads_and_writes_every_example_with_quicktypes_models(tmp_path: Path) -> None:
    """The Go compiler takes them, and every example comes back as it was."""
    program(GO_JSONSCHEMA)
    quicktype("go", tmp_path / "models" / "models.go", "--package", "models")
    go_program_of(tmp_path)

    assert written_again(said(["go", "run", "."], folder=tmp_path, given=LINES)) == EXAMPLES


def test_go_reads_checks_and_writes_every_example_with_go_jsonschemas_models(tmp_path: Path) -> None:
    """The Go compiler takes them, and their own checks of patterns and lengths let every example through unharmed."""
    generator = program(GO_JSONSCHEMA) / "go-jsonschema"
    (tmp_path / "models").mkdir()
    named = ["--package", "models", "--struct-name-from-title", "--tags", "json", "--output", "models/models.go"]
    said([generator, *named, *sorted(SCHEMAS.glob("*.json"))], folder=tmp_path)
    go_program_of(tmp_path)

    assert written_again(said(["go", "run", "."], folder=tmp_path, given=LINES)) == EXAMPLES


def test_python_reads_checks_and_writes_every_example_with_pydantic_models(tmp_path: Path) -> None:
    """pydantic compiles every pattern, its models let every example through, and write the same event."""
    python = program(EVENT_PYTHON) / "bin" / "python"
    options = ["--input-file-type", "jsonschema", "--output-model-type", "pydantic_v2.BaseModel"]
    options += ["--target-python-version", "3.11", "--use-title-as-name", "--disable-timestamp"]
    options += ["--formatters", "builtin"]
    generate = [python, "-m", "datamodel_code_generator", "--input", SCHEMAS, "--output", tmp_path / "models"]
    said([*generate, *options], folder=tmp_path)
    modules = [model.event_type.replace(".", "_") for model in MODELS]
    main = f"names = {NAMES!r}{PYTHON_MAIN}"

    printed = said([python, "-c", main, *modules], folder=tmp_path, given=LINES)
    assert written_again(printed) == EXAMPLES
