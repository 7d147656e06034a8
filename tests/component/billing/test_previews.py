"""Previews of drafts: the amounts, and the refusals, of saving without saving."""

from typing import Any

import pytest

from tests.support.billing.makers import ACCOUNTANT, CLIENT, VIEWER
from tests.support.billing.running import Running, content

_AMOUNTS = """
  lines { amount { amount } adjustments { amount { amount } } }
  adjustments { amount { amount } shares { name amount { amount } } }
  totals { lines { amount } discounts { amount } net { amount } tax { amount } gross { amount } payable { amount }
           taxes { name percent taxable { amount } tax { amount } } }
"""
_PREVIEW = f"""
query($input: PreviewDocumentInput!) {{
  previewDocument(input: $input) {{ {_AMOUNTS} userErrors {{ field message code }} }}
}}
"""


def written(price: str = "100.00", **more: Any) -> dict[str, Any]:
    """Return what a form holds: the content without its client company."""
    given = content(price, **more)
    del given["customerId"]
    return given


async def test_a_preview_comes_to_what_saving_comes_to(billing: Running) -> None:
    """Lines with taxes and discounts, and a discount on all of it: each amount is the draft's to the cent."""
    vat, reduced = {"name": "VAT", "percent": "19"}, {"name": "VAT", "percent": "7"}
    lines = [
        {"description": "Work", "quantity": "3.5", "unitPrice": "99.999", "taxes": [vat]},
        {"description": "Book", "quantity": "7", "unitPrice": "12.49", "taxes": [reduced]},
    ]
    lines[0]["adjustments"] = [{"kind": "DISCOUNT", "percent": "3"}]
    whole = {"lines": lines, "adjustments": [{"kind": "DISCOUNT", "amount": "5.00", "label": "Thanks"}]}

    preview = (await billing.query(_PREVIEW, ACCOUNTANT, input=written(**whole)))["previewDocument"]
    saved = await billing.mutate("createEstimate", show=f"estimate {{ {_AMOUNTS} }}", **content(**whole))

    assert preview.pop("userErrors") == saved["userErrors"] == []
    assert preview == saved["estimate"]
    assert preview["totals"]["payable"]["amount"] != "0.00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": []},
        {"lines": [{"description": "", "quantity": "1", "unitPrice": "1"}], "subject": "x" * 201},
        {"lines": [{"description": "Work", "quantity": "1.0000001", "unitPrice": "1"}]},
        {"adjustments": [{"kind": "DISCOUNT", "amount": "100.01"}]},
        {"prepaid": "-1.00"},
        {"currency": "XXX"},
    ],
    ids=["no line", "two fields", "digits", "discount", "prepaid", "currency"],
)
async def test_a_preview_refuses_what_saving_refuses(billing: Running, wrong: dict[str, Any]) -> None:
    """With the same codes, sentences and fields, all at once, so that a form can show them while somebody types."""
    preview = (await billing.query(_PREVIEW, input=written(**wrong)))["previewDocument"]
    saved = await billing.mutate("createEstimate", **content(**wrong))

    assert preview["userErrors"] == saved["userErrors"] != []
    assert preview["totals"] is preview["lines"] is preview["adjustments"] is None


async def test_a_preview_stores_nothing(billing: Running) -> None:
    """No document, no event."""
    await billing.query(_PREVIEW, input=written())

    assert (await billing.query("{ invoices { totalCount } estimates { totalCount } }")) == {
        "invoices": {"totalCount": 0},
        "estimates": {"totalCount": 0},
    }
    assert await billing.drain() == []


@pytest.mark.parametrize("by", [CLIENT, VIEWER], ids=["client", "viewer"])
async def test_who_may_not_write_may_not_preview(billing: Running, by: Any) -> None:
    """It is asked for by those who write documents, as saving is."""
    assert await billing.subgraph.codes(_PREVIEW, by, input=written()) == ["ROLE_FORBIDS"]
