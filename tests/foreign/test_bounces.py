"""flufl.bounce, which reads what comes back to Mailman's lists: its tests hold notices of real servers of 25 years."""

import json
import subprocess
from pathlib import Path

from chassis.mailing.dsn import Fate, read_report
from portal_cli.foreign import FLUFL_BOUNCE
from tests.support.foreign import program


def test_notices_of_real_servers_are_read_as_another_program_reads_them() -> None:
    """What delays and what fails for good is the same; a block as spam, under the code 5.0.0, closes no address."""
    folder = program(FLUFL_BOUNCE)
    (samples,) = folder.glob("source/*/tests/data")
    reader = Path(__file__).with_name("flufl_bounces.py")
    done = subprocess.run([folder / "bin" / "python", reader, samples], capture_output=True, check=True, text=True)
    theirs: dict[str, tuple[int, int]] = json.loads(done.stdout)
    ours = {name: read_report((samples / name).read_bytes()) for name in theirs}
    read = {name: report for name, report in ours.items() if report is not None}
    assert len(read) >= 19
    for_a_time = {name for name in read if theirs[name][0]}
    for_good = {name for name in read if theirs[name][1]}
    assert {name for name, report in read.items() if report.fate is Fate.DELAYED} == for_a_time
    assert {name for name, report in read.items() if report.fate >= Fate.SOFT} == for_good
    kept = {name: read[name].code for name in for_good if read[name].fate is Fate.SOFT}
    assert kept == {"dsn_02.txt": "4.4.7", "dsn_03.txt": "", "simple_42.txt": "5.7.1"}
    print(f"{len(read)} of {len(theirs)} mails have a machine's part; {len(for_good)} fail for good")
