"""A checked-in file that is out of date says what differs and what to run."""

from pathlib import Path

import pytest

from portal_cli.checked_in import CheckedIn, obsolete, settle
from tests.support.checked_in import assert_holds, assert_made_by, assert_up_to_date


def test_what_is_up_to_date_is_silent(tmp_path: Path) -> None:
    """Nothing differs, nothing is said and nothing is written."""
    (tmp_path / "a").write_text("one\n")
    files = CheckedIn({tmp_path / "a": "one\n"}, "./portal pears")
    assert (files.difference(), files.write()) == ("", [])


def test_the_failure_names_the_command_the_file_and_the_lines(tmp_path: Path) -> None:
    """Whoever reads it need not look at the test."""
    (tmp_path / "a").write_text("one\ntwo\n")
    with pytest.raises(pytest.fail.Exception) as failed:
        assert_made_by("./portal pears", {tmp_path / "a": "one\nthree\n"})
    assert str(failed.value).splitlines() == [
        "A checked-in file is out of date: run `./portal pears`",
        f"  {tmp_path / 'a'}: differs",
        f"--- {tmp_path / 'a'}",
        "+++ as the code makes it now",
        "@@ -1,2 +1,2 @@",
        " one",
        "-two",
        "+three",
    ]


def test_missing_and_idle_files_are_told_apart(tmp_path: Path) -> None:
    """A file that nothing makes is named, and the command deletes it."""
    (tmp_path / "old.json").write_text("{}")
    made = {tmp_path / "new.json": "[]"}
    files = CheckedIn(made, "./portal pears", obsolete(tmp_path, "*.json", made))

    with pytest.raises(
        pytest.fail.Exception, match=r"2 checked-in files are out of date: run `\./portal pears`"
    ) as told:
        assert_up_to_date(files)
    assert f"{tmp_path / 'old.json'}: nothing makes it any more" in str(told.value)
    assert f"{tmp_path / 'new.json'}: is missing" in str(told.value)
    assert sorted(files.write()) == [tmp_path / "new.json", tmp_path / "old.json"]
    assert [file.name for file in tmp_path.iterdir()] == ["new.json"]


def test_a_long_difference_is_cut(tmp_path: Path) -> None:
    """Twenty lines show what it is about, and how much more there is."""
    files = CheckedIn({tmp_path / "a": "line\n" * 500}, "./portal pears")
    assert files.difference().splitlines()[-1] == "… and 483 more lines"


def test_check_says_the_same_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` fails with the command; without it the files are written, and then all is up to date."""
    files = CheckedIn({tmp_path / "a": "one\n"}, "./portal pears")
    assert settle(files, check=True) == 1
    assert "A checked-in file is out of date: run `./portal pears`" in capsys.readouterr().out
    assert (settle(files, check=False), settle(files, check=True)) == (0, 0)
    assert capsys.readouterr().out.splitlines() == [f"written: {tmp_path / 'a'}", "1 files are up to date."]


def test_a_part_of_a_page_is_compared_with_what_begins_alike(tmp_path: Path) -> None:
    """Tables that are copied into a page: only the one that differs is shown."""
    page = tmp_path / "page.md"
    page.write_text("# Page\n\n| a | b |\n| 1 | 2 |\n\nText.\n\n| c |\n| 3 |\n")

    assert_holds(page, "| a | b |\n| 1 | 2 |\n\n| c |\n| 3 |", "python -m pears")
    with pytest.raises(pytest.fail.Exception) as failed:
        assert_holds(page, "| a | b |\n| 1 | 2 |\n\n| c |\n| 4 |", "python -m pears")
    assert str(failed.value).splitlines() == [
        "page.md is out of date: copy what `python -m pears` prints into it",
        "--- page.md",
        "+++ as the code makes it now",
        "@@ -1,2 +1,2 @@",
        " | c |",
        "-| 3 |",
        "+| 4 |",
    ]
