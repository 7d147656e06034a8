#!/usr/bin/env bash
# Guess: of a batch of three payments booked as one entry, of which the second came back (AC04), the reversing entry is the second's: its amount and its end-to-end id.
# So: the reversal takes back the amount of the whole batch and names the first payment, which did not come back; the model that is read has no amounts and no remittance texts of single payments at all.
# Source: camt053 0.0.23 (PyPI, 2026), services.generate_reversal on a statement that its own ISO schema check finds valid; ISO 20022 camt.053.001.14, Ntry/NtryDtls/TxDtls
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check camt053==0.0.23
"$folder/venv/bin/python" - <<'PYTHON'
import dataclasses
import importlib.metadata
import re

from camt053 import parse_statement, services

print("camt053", importlib.metadata.version("camt053"))


def payment(reference: str, amount: str, returned: str = "") -> str:
    return (
        f'<TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt>'
        f"<CdtDbtInd>CRDT</CdtDbtInd>{returned}</TxDtls>"
    )


BATCH = (
    payment("INV-1", "10.00")
    + payment("INV-2", "20.00", "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>")
    + payment("INV-3", "30.00")
)
STATEMENT = f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.14"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-06-15T08:00:00</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><CreDtTm>2026-06-15T08:00:00</CreDtTm>
<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<Dt><Dt>2026-06-15</Dt></Dt></Bal>
<Ntry><NtryRef>1</NtryRef><Amt Ccy="EUR">60.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-06-15</Dt></BookgDt><ValDt><Dt>2026-06-15</Dt></ValDt>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><Btch><NbOfTxs>3</NbOfTxs></Btch>{BATCH}</NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>"""

print("valid:", services.validate_statement(STATEMENT)["valid"])
detail = parse_statement(STATEMENT).entries[0].details[1]
fields = {field.name for field in dataclasses.fields(detail)}
print("read of a payment:", sorted(fields))
reversal = services.generate_reversal(STATEMENT, reason_code="AC04")
entry = reversal[reversal.index("<Ntry>") :]
amounts = re.findall(r"<Amt[^>]*>([^<]*)</Amt>", entry)
names = re.findall(r"<EndToEndId>([^<]*)<", entry)
print("reversed:", amounts, names)
same = services.validate_statement(STATEMENT)["valid"] and "amount" not in fields
raise SystemExit(0 if same and amounts == ["60.00", "60.00"] and names == ["INV-1"] else 1)
PYTHON
