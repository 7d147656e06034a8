"""What notifications say in German: *die Rechnung*, *das Angebot*."""

from services.notifications.application.phrases.model import Language
from services.notifications.domain.kinds import Audience, Kind

S, C, O = Audience.STAFF, Audience.CLIENT, Audience.OUTSIDE  # noqa: E741

LANGUAGE = Language(
    phrases={
        (Kind.DOCUMENT_VIEWED, S): {
            "invoice": (
                "{customer} hat die Rechnung {number} angesehen",
                "{actor} hat die Rechnung {number} im Portal geöffnet.",
            ),
            "estimate": (
                "{customer} hat das Angebot {number} angesehen",
                "{actor} hat das Angebot {number} im Portal geöffnet.",
            ),
        },
        (Kind.COMMENT_ADDED, S): {
            "invoice": (
                "Neuer Kommentar zur Rechnung {number}",
                "{actor} ({customer}) schreibt zur Rechnung {number}:",
            ),
            "estimate": ("Neuer Kommentar zum Angebot {number}", "{actor} ({customer}) schreibt zum Angebot {number}:"),
        },
        (Kind.ESTIMATE_ACCEPTED, S): {
            "estimate": (
                "{customer} hat das Angebot {number} angenommen",
                "{actor} hat das Angebot {number} über {total} angenommen.",
            ),
        },
        (Kind.ESTIMATE_DECLINED, S): {
            "estimate": (
                "{customer} hat das Angebot {number} abgelehnt",
                "{actor} hat das Angebot {number} mit dieser Begründung abgelehnt:",
            ),
        },
        (Kind.PAYMENT_RECEIVED, S): {
            "invoice": ("{customer} hat {amount} bezahlt", "{actor} hat {amount} zur Rechnung {number} bezahlt."),
        },
        (Kind.PAYMENT_RECEIVED, C): {
            "invoice": (
                "Ihre Zahlung über {amount} ist eingegangen",
                "Vielen Dank. Ihre Zahlung über {amount} zur Rechnung {number} ist eingegangen. Der Beleg liegt bei.",
            ),
        },
        (Kind.DOCUMENT_SENT, C): {
            "invoice": (
                "Rechnung {number} von {organisation}",
                "{organisation} hat Ihnen die Rechnung {number} über {total} gesendet.",
            ),
            "estimate": (
                "Angebot {number} von {organisation}",
                "{organisation} hat Ihnen das Angebot {number} über {total} gesendet.",
            ),
        },
        (Kind.REPLY_ADDED, C): {
            "invoice": (
                "{organisation} hat zur Rechnung {number} geantwortet",
                "{actor} schreibt zur Rechnung {number}:",
            ),
            "estimate": (
                "{organisation} hat zum Angebot {number} geantwortet",
                "{actor} schreibt zum Angebot {number}:",
            ),
        },
        (Kind.INVOICE_OVERDUE, C): {
            "invoice": (
                "Erinnerung: Die Rechnung {number} ist überfällig",
                "Die Rechnung {number} war am {due} fällig. Offen sind noch {balance}. "
                "Falls Sie inzwischen bezahlt haben, betrachten Sie diese Nachricht bitte als gegenstandslos.",
            ),
        },
        (Kind.DOCUMENT_FORWARDED, O): {
            "invoice": (
                "{actor} hat die Rechnung {number} an Sie weitergeleitet",
                "{actor} ({customer}) hat die Rechnung {number} von {organisation} an Sie weitergeleitet. "
                "Sie liegt dieser E-Mail bei.",
            ),
            "estimate": (
                "{actor} hat das Angebot {number} an Sie weitergeleitet",
                "{actor} ({customer}) hat das Angebot {number} von {organisation} an Sie weitergeleitet. "
                "Es liegt dieser E-Mail bei.",
            ),
        },
    },
    words={
        "invoice_file": "Rechnung {number}",
        "estimate_file": "Angebot {number}",
        "receipt_file": "Zahlungsbeleg {number}",
        "open": "Im Portal öffnen",
        "reason": "Sie erhalten diese Nachricht, weil {organisation} über das Kundenportal mit Ihnen arbeitet. "
        "Dort können Sie wählen, worüber Sie informiert werden.",
        "reason_outside": "Sie erhalten diese Nachricht einmalig, weil Ihnen jemand ein Dokument weitergeleitet hat.",
    },
)
