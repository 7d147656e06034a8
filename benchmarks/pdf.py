"""CPU per PDF: Typst beside WeasyPrint on the same invoice, as a ratio in one run.

uv run --group bench python -m benchmarks.pdf
"""

import argparse
import resource
import time
from collections.abc import Callable

from weasyprint import HTML

from services.billing.adapters.pdf import HtmlPrintView
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import PrintedDocument
from tests.support import printed


def cpu_of(make: Callable[[PrintedDocument], bytes], runs: int, lines: int) -> float:
    """Return CPU seconds per document, each a different one so that no cache can answer."""
    make(printed.invoice(number="warm-up", computed=printed.computed(lines)))
    documents = [printed.invoice(number=f"INV-{run:04}", computed=printed.computed(lines)) for run in range(runs)]
    before = time.process_time()
    for document in documents:
        make(document)
    return (time.process_time() - before) / runs


def main() -> None:
    """Print one line per length of document."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=10)
    runs = arguments.parse_args().runs
    view = HtmlPrintView()

    def weasyprint(document: PrintedDocument) -> bytes:
        return HTML(string=view.page(document)).write_pdf() or b""

    for lines in (3, 60):
        ours, theirs = cpu_of(render_now, runs, lines), cpu_of(weasyprint, runs, lines)
        ratio = theirs / ours
        print(f"{lines:>3} lines: typst {ours * 1000:.1f} ms, weasyprint {theirs * 1000:.1f} ms, ratio {ratio:.1f}")
    print(f"peak memory of both together: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
