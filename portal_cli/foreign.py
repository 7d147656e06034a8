"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

import shutil
from pathlib import Path

from portal_cli.paths import ROOT
from portal_cli.toolbox import Tool, go_program, python_packages, run

# --- readers of the event contract -----------------------------------------------------------------------------------


def _maven_jars(folder: Path) -> None:
    """Put the jars of the project file, and what they need, into the folder."""
    pom = ROOT / "tools" / "event-models" / "pom.xml"
    copying = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    run(["mvn", "-B", "-q", "-f", pom, copying, f"-DoutputDirectory={folder}"])


def _go_verdicts(folder: Path) -> None:
    """Build `tools/schema-verdicts`: Go's schema engine behind a few lines of ours."""
    source = folder.parent / "source"
    shutil.copytree(ROOT / "tools" / "schema-verdicts", source)
    run(["go", "build", "-o", folder / "verdicts", "."], folder=source, env={"GOFLAGS": "-p=2"})


EVENT_PYTHON = Tool(
    "event-python",
    "datamodel-0.89.0-jsonschema-rs-0.61.2-fastjsonschema-2.22.3",
    (),
    python_packages(
        "datamodel-code-generator==0.89.0", "pydantic==2.14.4", "jsonschema-rs==0.61.2", "fastjsonschema==2.22.3"
    ),
)
"""The generator of pydantic models, Rust's schema engine, and another of Python's."""

JAVA_JARS = Tool("java-jars", "jackson-2.20.1-amqp-5.27.1-networknt-1.5.8", ("mvn", "javac"), _maven_jars)
"""What `tools/event-models/pom.xml` names: Jackson, for Modelina's models, RabbitMQ's client, and a schema engine."""
GO_JSONSCHEMA = Tool("go-jsonschema", "0.24.1", ("go",), go_program("github.com/atombender/go-jsonschema", "v0.24.1"))
GO_VERDICTS = Tool("go-schema-verdicts", "6.0.3", ("go",), _go_verdicts)

SUBSCRIBERS = Tool(
    "subscribers-python",
    "2026-11",
    (),
    python_packages(
        "pika==1.4.4",
        "aio-pika==10.2.1",
        "kombu==5.7.0",
        "celery==5.7.0",
        "faststream[rabbit]==0.7.8",
        "cloudevents==2.2.0",
    ),
)
"""The Python clients with which `docs/subscribing.md` is tried; its others are in `tools/subscribers` (npm) and -go."""

EVENT_TOOLS = (JAVA_JARS, GO_JSONSCHEMA, GO_VERDICTS, EVENT_PYTHON, SUBSCRIBERS)

TOOLS: tuple[Tool, ...] = (*EVENT_TOOLS,)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
