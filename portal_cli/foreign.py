"""The programs of others that the tests hold the portal against, each at a pinned version.

`./portal test` builds what the cache lacks before the tests begin, and says what it left out and why. A driver in
`tests/foreign/` asks for its program by `tests.support.foreign.program(TOOL)`.
"""

import json
import shutil
from pathlib import Path

from portal_cli import debian
from portal_cli.debian_root import NEEDS, debian_root
from portal_cli.paths import ROOT
from portal_cli.paths import TOOLS as SOURCES
from portal_cli.toolbox import (
    Tool,
    ToolMissing,
    cargo_program,
    digest,
    go_module,
    go_program,
    maven_jars,
    python_packages,
    python_source,
    run,
)


def _ours(name: str, version: str, *options: str) -> Tool:
    """Return a program of our own around a library of others, at the library's version, built with these options."""
    source = SOURCES / name
    return Tool(name, f"{version}-{digest(source)}", ("go",), go_module(source, *options))


def _debian_root(folder: Path) -> None:
    """Put a small Debian into `root/`, with Python where the images of Docker Hub have it."""
    if not debian.installed("debootstrap"):
        raise ToolMissing("debootstrap is not here and could not be installed")
    packages = "--include=python3,python3-venv,ca-certificates"
    run(["debootstrap", "--variant=minbase", packages, "trixie", folder / "root"])
    run(["chroot", folder / "root", "python3", "-m", "venv", "/usr/local"])


KVALIDATE = _ours("kvalidate", "1.37.2")
"""The rules of a Kubernetes API server, without the server; renders kustomizations too."""
CONTROL_PLANE = _ours("control-plane", "1.37.2", "-ldflags=-X k8s.io/component-base/version.gitVersion=v1.37.2")
"""A real API server with its database, controllers, scheduler and kwok's nodes. Not in `TOOLS`: it takes minutes of two
cores to build."""
_RESOURCES = {
    "github.com/kedacore/keda/v2@v2.21.0": "config/crd/bases/keda.sh_{scaledobjects,triggerauthentications}.yaml",
    "github.com/prometheus-operator/prometheus-operator@v0.85.0": (
        "example/prometheus-operator-crd/monitoring.coreos.com_{podmonitors,prometheusrules,servicemonitors}.yaml"
    ),
    "github.com/cert-manager/cert-manager@v1.21.2": "deploy/crds/cert-manager.io_{certificates,issuers}.yaml",
    "github.com/external-secrets/external-secrets@v1.3.2": (
        "config/crds/bases/external-secrets.io_{externalsecrets}.yaml"
    ),
    "sigs.k8s.io/gateway-api@v1.6.0": "config/crd/standard/gateway.networking.k8s.io_{gateways,httproutes}.yaml",
    "github.com/mongodb/mongodb-kubernetes-operator@v0.9.0": (
        "config/crd/bases/mongodbcommunity.mongodb.com_{mongodbcommunity}.yaml"
    ),
}
"""Where operators publish what their resources look like: the Go module, and the files in it."""


def _custom_resources(folder: Path) -> None:
    """Copy the definitions of the operators' resources out of their Go modules."""
    for module, pattern in _RESOURCES.items():
        there = Path(json.loads(run(["go", "mod", "download", "-json", module], folder=folder).stdout)["Dir"])
        before, names, after = pattern.replace("}", "{").split("{")
        for name in names.split(","):
            shutil.copyfile(there / f"{before}{name}{after}", folder / f"{name}.yaml")


CUSTOM_RESOURCES = Tool("custom-resources", "2026-11", ("go",), _custom_resources)
"""The CustomResourceDefinitions of the operators that `deploy/k8s` speaks to. RabbitMQ's are not in the Go proxy."""
HELM = Tool("helm", "4.3.2", ("go",), go_program("helm.sh/helm/v4/cmd/helm", "v4.3.2"))
KUBE_SCORE = Tool("kube-score", "1.20.0", ("go",), go_program("github.com/zegl/kube-score/cmd/kube-score", "v1.20.0"))


def _prometheus(folder: Path) -> None:
    """Unpack Debian's package without installing it."""
    run(["apt-get", "download", "-o", "APT::Sandbox::User=root", "prometheus"], folder=folder)
    (package,) = folder.glob("prometheus_*.deb")
    run(["dpkg", "-x", package, folder / "root"])
    package.unlink()


PROMETHEUS = Tool("prometheus", "of-debian", ("apt-get", "dpkg"), _prometheus, pinned=False)
"""`root/usr/bin/promtool`, which judges rules, tests them, and judges what `/metrics` prints."""
COMPOSELOAD = _ours("composeload", "2.16.2")
"""What Docker Compose makes of a Compose file."""

DEBIAN = Tool("debian-python", "13", ("apt-get", "chroot", "unshare"), _debian_root, as_root=True)
"""A root for the steps of our Dockerfile, where no container engine is."""

# --- libraries that verify our access tokens -------------------------------------------------------------------------

TOKEN_LIBRARIES_PYTHON = Tool(
    "token-libraries-python",
    "pyjwt-2.15.1-authlib-1.9.10",
    (),
    python_packages("PyJWT[crypto]==2.15.1", "Authlib==1.9.10"),
)
TOKEN_LIBRARIES_GO = _ours("token-verifiers", "golang-jwt-5.3.1-jwx-3.4.0-go-oidc-3.21.0")

GQL = Tool("gql-python", "gql-4.4.0", (), python_packages("gql[aiohttp,websockets]==4.4.0"))
"""The GraphQL client of Python."""


def _secantusdb(folder: Path) -> None:
    """Build it, after installing what WiredTiger inside it is built with."""
    if debian.can_install():
        debian.install("cmake", "zlib1g-dev")
    cargo_program("secantus-mdb", "0.5.3-beta.196", "--ignore-rust-version", "--locked")(folder)


SECANTUSDB = Tool("secantus-mdb", "0.5.3-beta.196", ("cargo", "cc"), _secantusdb, recipe=2)
"""The second storage engine, `bin/secantusd-rs`: another implementation than the Python server, in one binary."""

_RABBITMQ = ("/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmqctl", "/usr/bin/epmd")


def _rabbitmq(version: str, suite: str, *, pinned: bool) -> Tool:
    build = debian_root(suite, "rabbitmq-server", version, _RABBITMQ)
    return Tool("rabbitmq", f"{version}-{suite}", NEEDS, build, as_root=True, pinned=pinned)


RABBITMQ_4_0 = _rabbitmq("4.0.5", "trixie", pinned=True)
RABBITMQ_4_3 = _rabbitmq("4.3.6", "sid", pinned=False)
"""The newest in Debian, which has no release that carries it: `sid` moves on, and then another version stands here."""

STDNUM = Tool("python-stdnum", "2.2", (), python_source("python-stdnum==2.2"))
"""Check digits of identifiers of the world; its tests, with their numbers, are only in the source distribution."""

FLUFL_BOUNCE = Tool("flufl-bounce", "6.0.0", (), python_source("flufl.bounce==6.0.0"))
"""Reads notices of failure for Mailman; its tests, with notices of real servers, are only in its source."""

BABELS = tuple(
    Tool("babel", version, (), python_packages(f"babel=={version}", "tzdata")) for version in ("2.18.0", "2.19.0")
)
"""The lowest and the newest release that `pyproject.toml` allows."""


def _genqlient(folder: Path) -> None:
    """Build it in a module of its own, which generated clients are compiled in: the tools it names are too old for Go.

    The module's `go.mod` and `go.sum` stay beside the program.
    """
    flags = {"GOFLAGS": "-p=2 -mod=mod"}
    (folder / "go.mod").write_text("module portal\n\ngo 1.24\n")
    modules = ("github.com/Khan/genqlient@v0.8.1", "github.com/Khan/genqlient/graphql@v0.8.1")
    run(["go", "get", *modules, "golang.org/x/tools@v0.38.0"], folder=folder, env=flags)
    run(["go", "build", "-o", "genqlient", "github.com/Khan/genqlient"], folder=folder, env=flags)


GENQLIENT = Tool("genqlient", "0.8.1", ("go",), _genqlient)

STRIPE_MOCK = Tool(
    name="stripe-mock",
    version="0.203.0",
    needs=("go",),
    build=go_program("github.com/stripe/stripe-mock", "v0.203.0"),
)
"""Stripe's OpenAPI document of 2026-08-26 as a server."""

VERAPDF = Tool(
    "verapdf",
    "1.28.2",
    ("java", "mvn"),
    maven_jars("org.verapdf.apps", "greenfield-apps", "1.28.2"),
)

PYMUPDF = Tool("pymupdf", "2.0", (), python_packages("pymupdf==2.0"))


def _pdftotext(folder: Path) -> None:
    if not shutil.which("pdftotext") and debian.can_install():
        debian.install("poppler-utils")
    found = shutil.which("pdftotext")
    if found is None:
        raise ToolMissing("poppler's pdftotext is not here and could not be installed (Debian: poppler-utils)")
    (folder / "pdftotext").symlink_to(found)


POPPLER = Tool("poppler", "of-this-system", (), _pdftotext)

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

TOOLS: tuple[Tool, ...] = (
    KVALIDATE,
    HELM,
    KUBE_SCORE,
    CUSTOM_RESOURCES,
    PROMETHEUS,
    COMPOSELOAD,
    DEBIAN,
    TOKEN_LIBRARIES_GO,
    TOKEN_LIBRARIES_PYTHON,
    GQL,
    RABBITMQ_4_0,
    RABBITMQ_4_3,
    STDNUM,
    FLUFL_BOUNCE,
    *BABELS,
    GENQLIENT,
    STRIPE_MOCK,
    VERAPDF,
    PYMUPDF,
    POPPLER,
    *EVENT_TOOLS,
)
"""In the order in which they are built: the slowest first, so that a failure is seen early."""
