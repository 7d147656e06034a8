"""Ids, refusals, principals and events of the kernel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel import (
    Conflict,
    Principal,
    Role,
    RoleForbids,
    SystemClock,
    WrongIdKind,
    id_from_bits,
    new_id,
    require_id,
)
from tests.support.chassis import ManualClock, Parcel


def test_ids_sort_by_time() -> None:
    """Ids made later sort later."""
    ids = [new_id("inv") for _ in range(1000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1000


@given(st.integers(0, 2**128 - 1))
def test_the_same_bits_give_the_same_id(bits: int) -> None:
    """An id from bits is stable and of the right kind."""
    made = id_from_bits("pay", bits)
    assert made == id_from_bits("pay", bits)
    assert require_id(made, "pay") == made


@pytest.mark.parametrize(
    "value", ["", "inv", "inv_", f"est_{'0' * 26}", f"INV_{'0' * 26}", f"inv_{'0' * 27}", f"inv_{'0' * 25}u", "inv_\n"]
)
def test_an_id_of_another_kind_is_refused_without_an_echo(value: str) -> None:
    """The refusal names the prefix that was expected, not the value."""
    with pytest.raises(WrongIdKind) as refused:
        require_id(value, "inv", "invoiceId")
    assert refused.value.message == "This must be an ID that starts with “inv_”."
    assert refused.value.field == ("invoiceId",)


def test_a_refusals_code_comes_from_its_name() -> None:
    """`EstimateExpired` has the code `ESTIMATE_EXPIRED`."""

    class EstimateExpired(Conflict):
        """Too late."""

    assert EstimateExpired("Too late.").code == "ESTIMATE_EXPIRED"


def test_roles_are_required() -> None:
    """A role that is not among the allowed is refused; our own services always pass."""
    Principal.for_service("org_1").require_role(Role.OWNER)
    with pytest.raises(RoleForbids):
        Principal(id="stf_1", organisation_id="org_1", role=Role.VIEWER).require_role(Role.OWNER, Role.ACCOUNTANT)


def test_recorded_events_are_kept_in_order() -> None:
    """An aggregate remembers what it recorded until the repository stored it."""
    parcel = Parcel(id="inv_1", organisation_id="org_1", customer_id="cus_1")
    clock = ManualClock()
    parcel.weigh(1, clock.now())
    parcel.weigh(2, clock.now())
    assert [event.grams for event in parcel.recorded] == [1, 2]  # pyright: ignore
    parcel.forget_recorded()
    assert parcel.recorded == ()


def test_the_clock_tells_whole_milliseconds_in_utc() -> None:
    """What the clock tells survives storage unchanged."""
    now = SystemClock().now()
    assert (now.utcoffset().total_seconds() if now.utcoffset() is not None else None, now.microsecond % 1000) == (0, 0)
