"""Mails that come back: notices of failure are read by their machine's part, and only signed return paths count."""

import base64

import pytest

from chassis.kernel import id_from_bits
from chassis.mailing.dsn import Fate, read_report
from chassis.mailing.return_path import LONGEST_LOCAL_PART, Returned, ReturnPaths, mark_of

MAIL = "ntf_01kkbswhg0ennwk0z1wd58337v"
PATHS = ReturnPaths("bounces@portal.example", ["a secret of tests"])
PER_MESSAGE = "Reporting-MTA: dns; mx.example"


def notice(*groups: str, kind: str = "delivery-status", encoding: str = "7bit") -> bytes:
    """A report whose machine's part holds these groups of fields."""
    status = "\r\n\r\n".join((PER_MESSAGE, *groups)) + "\r\n"
    written = base64.encodebytes(status.encode()).decode() if encoding == "base64" else status
    lines = (
        f"To: {PATHS.of(MAIL, 'bo@client.example')}",
        "Subject: Undelivered",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "MIME-Version: 1.0",
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "5.1.1 in prose means nothing.",
        "--b",
        f"Content-Type: message/{kind}",
        f"Content-Transfer-Encoding: {encoding}",
        "",
        written,
        "--b--",
        "",
    )
    return "\r\n".join(lines).encode()


def group(
    action: str, status: str, diagnostic: str = "smtp; 550 No such user", to: str = "rfc822; bo@x.example"
) -> str:
    return f"Final-Recipient: {to}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {diagnostic}"


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("failed", "5.1.1", Fate.HARD),
        ("Failed (gave up)", "5.1.10", Fate.HARD),
        ("failed", "5.2.1", Fate.HARD),
        ("failed", "5.0.0", Fate.HARD),
        ("failed", "5.2.2", Fate.SOFT),
        ("failed", "5.3.4", Fate.SOFT),
        ("failed", "5.7.1", Fate.SOFT),
        ("failed", "4.4.7", Fate.SOFT),
        ("failed", "nonsense", Fate.SOFT),
        ("failure", "5.1.2", Fate.HARD),
        ("error", "5.0.0", Fate.HARD),
        ("failed", "5.4.4", Fate.HARD),
        ("failed", "5.4.310", Fate.HARD),
        ("failed", "5.5.0", Fate.HARD),
        ("failed", "5.1.7", Fate.SOFT),
        ("failed", "5.1.8", Fate.SOFT),
        ("failed", "5.1.90", Fate.SOFT),
        ("failed", "5.2.0", Fate.SOFT),
        ("failed", "5.3.0", Fate.SOFT),
        ("failed", "5.3.2", Fate.SOFT),
        ("failed", "5.4.6", Fate.SOFT),
        ("failed", "5.4.7", Fate.SOFT),
        ("failed", "5.5.4", Fate.SOFT),
        ("delayed", "4.4.1", Fate.DELAYED),
        ("delivered", "2.0.0", Fate.NOTHING_NEW),
        ("relayed", "2.0.0", Fate.NOTHING_NEW),
        ("expanded", "2.0.0", Fate.NOTHING_NEW),
    ],
)
def test_action_and_code_decide(action: str, status: str, fate: Fate) -> None:
    """What is wrong with the address is hard; a full mailbox, a policy and the like are not; delays end nothing."""
    report = read_report(notice(group(action, status)))
    assert report is not None
    assert report.fate is fate


@pytest.mark.parametrize(
    ("status", "said", "fate", "code"),
    [
        ("5.0.0", "smtp; 550-5.7.1 [192.0.2.1] likely unsolicited mail.\r\n 550 5.7.1 blocked", Fate.SOFT, "5.7.1"),
        ("5.0.0", "smtp; 552 5.2.2 The e-mail account is over quota", Fate.SOFT, "5.2.2"),
        ("5.0.0", "smtp; 554 5.4.7 [internal] exceeded maximum time without delivery", Fate.SOFT, "5.4.7"),
        ("5.0.0", "smtp; 550 5.1.1 no such user", Fate.HARD, "5.1.1"),
        ("5.0.0", "smtp; 550 unknown user (in reply to RCPT TO command)", Fate.HARD, "5.0.0"),
        ("5.0.0", "smtp; 554 Message not allowed - [PH01] Email not accepted for policy reasons.", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 552 Requested mail action aborted: exceeded storage allocation", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 571 Email from 198.51.100.7 is currently blocked", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 553 sorry, that mailbox name is not allowed", Fate.HARD, "5.0.0"),
        ("5.0.0", "smtp; 554 host 5.1.1.20 is listed by a block list", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 mx2.5.1.1.example says no such user", Fate.HARD, "5.0.0"),
        ("5.1.0", "smtp; 5.1.0 - Unknown address error 550-'5.7.1 Message rejected as spam'", Fate.SOFT, "5.7.1"),
        ("5.1.0", "smtp; 5.1.0 - Unknown address error 550-'5.1.1 User unknown'", Fate.HARD, "5.1.1"),
        ("5.3.0", "smtp; 5.3.0 - Other mail system problem 552-'5.2.2 Mailbox full'", Fate.SOFT, "5.2.2"),
        ("5.0.0 (permanent failure)", "smtp; 5.3.0 - Other mail system problem 550-'Unknown user'", Fate.SOFT, "5.3.0"),
        ("5.1.1", "smtp; 550 5.7.1 user unknown", Fate.HARD, "5.1.1"),
        ("5.1.1", "smtp; 550 5.7.1 not here", Fate.HARD, "5.1.1"),
        ("4.4.7", "smtp; 450 4.2.0 greylisted", Fate.SOFT, "4.4.7"),
        ("", "smtp; 550 5.1.10 RecipientNotFound", Fate.HARD, "5.1.10"),
        ("5.0.0", "smtp; 556 Domain does not accept mail", Fate.HARD, "5.0.0"),
        ("5.0.0", "smtp; 521 Host does not accept mail", Fate.HARD, "5.0.0"),
        ("5.1.351", "smtp; 550 5.1.351 Remote server returned unknown recipient", Fate.HARD, "5.1.351"),
        ("5.0.0", "smtp; 550-mailbox unavailable\r\n 550-Reject due to SPF policy.", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 SPF check failed", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Blocked, see https://www.spamhaus.org/query/ip/192.0.2.1", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Administrative prohibition: DMARC", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 relay not permitted", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Sender verify failed", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 High probability of spam", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Your IP address 192.0.2.1 may not send", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Mailbox quota exceeded", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Mailbox is full", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Too many invalid recipients", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Rate limit exceeded", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Authentication required", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Access denied", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 Message size exceeds fixed limit", Fate.SOFT, "5.0.0"),
        ("5.0.0", "smtp; 550 no such user <a@content.example>", Fate.HARD, "5.0.0"),
        ("5.0.0", "smtp; 550 unrouteable address", Fate.HARD, "5.0.0"),
        ("5.0.0", "smtp; 550 the user is restful", Fate.HARD, "5.0.0"),
        ("5.0.0", "smtp; 550 spam@x.example: Recipient address rejected: undeliverable", Fate.HARD, "5.0.0"),
        ("5.0.0", "smtp; 550 Requested action not taken: mailbox unavailable", Fate.HARD, "5.0.0"),
    ],
)
def test_a_code_that_says_nothing_gives_way_to_the_servers_own(status: str, said: str, fate: Fate, code: str) -> None:
    """Exim writes 5.0.0 whatever the other server said: spam filters and full mailboxes close no address."""
    report = read_report(notice(group("failed", status, said)))
    assert report is not None
    assert (report.fate, report.code) == (fate, code)


@pytest.mark.parametrize(
    ("kind", "fate"),
    [
        *(("abuse", Fate.HARD), ("fraud", Fate.HARD), ("opt-out", Fate.HARD), ("Abuse", Fate.HARD)),
        *(("not-spam", Fate.NOTHING_NEW), ("auth-failure", Fate.NOTHING_NEW), ("virus", Fate.NOTHING_NEW)),
    ],
)
def test_a_complaint_of_the_recipient_closes_the_address(kind: str, fate: Fate) -> None:
    """RFC 5965: who marks our mails as unwanted gets no more of them; reports of machines end nothing."""
    told = f"Feedback-Type: {kind}\r\nUser-Agent: Mail/1.0\r\nVersion: 1\r\nOriginal-Rcpt-To: bo@x.example"
    written = notice(told, kind="feedback-report").replace(f"{PER_MESSAGE}\r\n\r\n".encode(), b"")
    report = read_report(written)
    assert report is not None
    assert (report.fate, report.reason) == (fate, f"the recipient reported it as unwanted ({kind.lower()})")


def test_what_a_gateway_writes_elsewhere_is_read() -> None:
    """Cisco's gateways put the other server's words into a field of their own."""
    told = "Final-Recipient: rfc822; bo@x.example\r\nAction: failed\r\nStatus: 5.0.0\r\nX-Supplementary-Info: "
    said = "<mx.x.example #5.0.0 smtp; 550 5.7.1 [198.51.100.7]: access denied>"
    report = read_report(notice(told + said))
    assert report is not None
    assert (report.fate, report.code) == (Fate.SOFT, "5.7.1")


def test_a_folded_diagnosis_is_told_in_one_line_and_the_worst_recipient_counts() -> None:
    """The code and the server's words."""
    folded = "smtp; 550 5.1.1\r\n  <bo@x.example>:\r\n  unknown"
    report = read_report(notice(group("delayed", "4.0.0"), group("failed", "5.1.1", folded)))
    assert report is not None
    assert (report.fate, report.code, report.reason) == (Fate.HARD, "5.1.1", "5.1.1 550 5.1.1 <bo@x.example>: unknown")


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_an_international_notice_is_read(encoding: str) -> None:
    """RFC 6533: addresses in UTF-8, as they are or with a transfer encoding."""
    told = group("failed", "5.1.1", "smtp; 550 unbekannt: jörg@straße.example", "utf-8; jörg@straße.example")
    report = read_report(notice(told, kind="global-delivery-status", encoding=encoding))
    assert report is not None
    assert (report.fate, report.reason) == (Fate.HARD, "5.1.1 550 unbekannt: jörg@straße.example")


@pytest.mark.parametrize(
    "content", [b"", b"Subject: I am away\r\n\r\n550 5.1.1", b"\xff\x00" * 100, notice("Action: failed")]
)
def test_what_is_no_notice_says_nothing(content: bytes) -> None:
    """Answers from holidays, noise, groups without a recipient."""
    assert read_report(content) is None


def test_a_return_path_names_its_mail_in_any_case() -> None:
    """It is found in the envelope or anywhere in the message, and fits into the local part of an address."""
    path = PATHS.of(MAIL, "Bo@Client.example")
    expected = Returned(MAIL, mark_of("bo@client.EXAMPLE"))
    assert (PATHS.read(path), PATHS.read(f"To: <{path.upper()}>")) == (expected, expected)
    longest = ReturnPaths("b" * LONGEST_LOCAL_PART + "@portal.example", ["a secret of tests"]).of(MAIL, "bo@x.example")
    assert len(longest.partition("@")[0]) == 64


def test_nobody_else_makes_a_return_path() -> None:
    """Another secret, mail or address, a changed letter: nothing is read; an older secret still counts."""
    path = PATHS.of(MAIL, "bo@client.example")
    token = path.partition("+")[2].partition("@")[0]
    others = [
        ReturnPaths("bounces@portal.example", ["another secret here"]).of(MAIL, "bo@client.example"),
        path.replace(MAIL.partition("_")[2], id_from_bits("ntf", 7).partition("_")[2]),
        path.replace(mark_of("bo@client.example"), mark_of("cy@client.example")),
        path.replace(token, token[:-1] + ("a" if token[-1] != "a" else "b")),
        path.replace("+n", "+e"),
        f"bounces+{MAIL}@portal.example",
    ]
    assert [PATHS.read(one) for one in others] == [None] * len(others)
    assert ReturnPaths("bounces@portal.example", ["the next secret", "a secret of tests"]).read(path) is not None
