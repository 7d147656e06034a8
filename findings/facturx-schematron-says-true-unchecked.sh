#!/usr/bin/env bash
# Guess: `xml_check_schematron` checks an invoice against the rules of EN 16931 that the package ships, and raises where it cannot.
# So: it sends the invoice to a server at http://localhost:5000 that the package does not install; where nobody listens it answers True, with a warning in the log: no rule was looked at. To be told, `saxon_server_raise_if_http_error=True` must be given.
# Source: factur-x 7.8 (PyPI, 2026), facturx.xml_check_schematron; until 5.x the check ran in the process (release notes of 6.0, July 2026)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check factur-x==7.8
"$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import socket

from facturx import xml_check_schematron, xml_check_xsd

print("factur-x", importlib.metadata.version("factur-x"))
UNCEFACT = "urn:un:unece:uncefact:data:standard"
INVOICE = f"""<?xml version='1.0' encoding='utf-8'?>
<rsm:CrossIndustryInvoice xmlns:rsm="{UNCEFACT}:CrossIndustryInvoice:100"
 xmlns:ram="{UNCEFACT}:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="{UNCEFACT}:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter>
<ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>INV-1</ram:ID><ram:TypeCode>380</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">20261130</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement>
<ram:SellerTradeParty><ram:Name>Seller</ram:Name>
<ram:PostalTradeAddress><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID></ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:Name>Buyer</ram:Name></ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">19.00</ram:TaxTotalAmount>
<ram:GrandTotalAmount>119.00</ram:GrandTotalAmount>
<ram:DuePayableAmount>119.00</ram:DuePayableAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>""".encode()

with socket.socket() as nobody:
    nobody.bind(("127.0.0.1", 0))
    server = f"http://127.0.0.1:{nobody.getsockname()[1]}/transform"
    print("XSD:", xml_check_xsd(INVOICE, flavor="factur-x", level="minimum"))
    verdict = xml_check_schematron(INVOICE, flavor="factur-x", level="minimum", saxon_server_url=server)
    print("rules, with nobody at the server's address:", verdict)
    told = False
    try:
        xml_check_schematron(
            INVOICE,
            flavor="factur-x",
            level="minimum",
            saxon_server_url=server,
            saxon_server_raise_if_http_error=True,
        )
    except RuntimeError as error:
        told = True
        print("asked to raise:", str(error)[:60])
raise SystemExit(0 if verdict is True and told else 1)
PYTHON
