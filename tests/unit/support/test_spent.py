"""What `./portal test` says of where its seconds went."""

from tests.support.spent import area, by_area


def test_an_area_is_a_folder_below_the_tests_or_a_file_beside_them() -> None:
    """Two levels: the kind of test and what it is about."""
    assert area("tests/component/billing/test_x.py::test_y[a/b::c]") == "component/billing"
    assert area("tests/unit/billing/payments/test_x.py::test_y") == "unit/billing"
    assert area("tests/e2e/test_x.py::test_y") == "e2e/test_x.py"


def test_the_longest_area_comes_first() -> None:
    """Set-up, call and teardown of all its tests together."""
    spent = [("tests/unit/a/test_x.py::t", 1.0), ("tests/unit/b/test_y.py::t", 1.5), ("tests/unit/a/test_z.py::t", 1.0)]
    assert by_area(spent) == [("unit/a", 2.0), ("unit/b", 1.5)]
