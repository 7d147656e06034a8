"""What notifications say in German, where a document with its number needs no article."""

from services.notifications.application.phrases.model import Language
from services.notifications.domain.kinds import Audience, Kind

S, C, O = Audience.STAFF, Audience.CLIENT, Audience.OUTSIDE  # noqa: E741

LANGUAGE = Language(
    phrases={
        (Kind.DOCUMENT_VIEWED, S): {
            "invoice": (
                "{customer} hat Rechnung {number} angesehen",
                "{actor} hat Rechnung {number} im Portal geöffnet.",
            ),
            "estimate": (
                "{customer} hat Angebot {number} angesehen",
                "{actor} hat Angebot {number} im Portal geöffnet.",
            ),
        },
        (Kind.COMMENT_ADDED, S): {
            "invoice": (
                "Neuer Kommentar zu Rechnung {number}",
                "{actor} ({customer}) schreibt zu Rechnung {number}:",
            ),
            "estimate": ("Neuer Kommentar zu Angebot {number}", "{actor} ({customer}) schreibt zu Angebot {number}:"),
        },
        (Kind.ESTIMATE_ACCEPTED, S): {
            "estimate": (
                "{customer} hat Angebot {number} angenommen",
                "{actor} hat Angebot {number} über {total} angenommen.",
            ),
        },
        (Kind.ESTIMATE_DECLINED, S): {
            "estimate": (
                "{customer} hat Angebot {number} abgelehnt",
                "{actor} hat Angebot {number} mit dieser Begründung abgelehnt:",
            ),
        },
        (Kind.PAYMENT_RECEIVED, S): {
            "invoice": ("{customer} hat {amount} bezahlt", "{actor} hat {amount} zu Rechnung {number} bezahlt."),
        },
        (Kind.PAYMENT_RECEIVED, C): {
            "invoice": (
                "Ihre Zahlung über {amount} ist eingegangen",
                "Vielen Dank. Ihre Zahlung über {amount} zu Rechnung {number} ist eingegangen. Der Beleg liegt bei.",
            ),
        },
        (Kind.NOBODY_REACHED, S): {
            "invoice": (
                "Zu Rechnung {number} wurde bei {customer} niemand erreicht",
                "Keine E-Mail zu Rechnung {number} hat {whom} erreicht. Bitte prüfen Sie die "
                "Kontakte von {customer} und ihre Adressen.",
            ),
            "estimate": (
                "Zu Angebot {number} wurde bei {customer} niemand erreicht",
                "Keine E-Mail zu Angebot {number} hat {whom} erreicht. Bitte prüfen Sie die "
                "Kontakte von {customer} und ihre Adressen.",
            ),
        },
        (Kind.DOCUMENT_SENT, C): {
            "invoice": (
                "Rechnung {number} von {organisation}",
                "{organisation} hat Ihnen Rechnung {number} über {total} gesendet.",
            ),
            "estimate": (
                "Angebot {number} von {organisation}",
                "{organisation} hat Ihnen Angebot {number} über {total} gesendet.",
            ),
        },
        (Kind.REPLY_ADDED, C): {
            "invoice": (
                "{organisation} hat zu Rechnung {number} geantwortet",
                "{actor} schreibt zu Rechnung {number}:",
            ),
            "estimate": (
                "{organisation} hat zu Angebot {number} geantwortet",
                "{actor} schreibt zu Angebot {number}:",
            ),
        },
        (Kind.INVOICE_DUE_SOON, C): {
            "invoice": (
                "Erinnerung: Rechnung {number} ist am {due} fällig",
                "Rechnung {number} ist am {due} fällig. Offen sind {balance}. "
                "Falls Sie inzwischen bezahlt haben, betrachten Sie diese Nachricht bitte als gegenstandslos.",
            ),
        },
        (Kind.INVOICE_OVERDUE, C): {
            "invoice": (
                "Erinnerung: Rechnung {number} ist überfällig",
                "Rechnung {number} war am {due} fällig. Offen sind noch {balance}. "
                "Falls Sie inzwischen bezahlt haben, betrachten Sie diese Nachricht bitte als gegenstandslos.",
            ),
        },
        (Kind.DOCUMENT_FORWARDED, O): {
            "invoice": (
                "{actor} hat Rechnung {number} an Sie weitergeleitet",
                "{actor} ({customer}) hat Rechnung {number} von {organisation} an Sie weitergeleitet. "
                "Das Dokument liegt bei.",
            ),
            "estimate": (
                "{actor} hat Angebot {number} an Sie weitergeleitet",
                "{actor} ({customer}) hat Angebot {number} von {organisation} an Sie weitergeleitet. "
                "Das Dokument liegt bei.",
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
        "reason_staff": "Sie erhalten diese E-Mail, weil Sie für {organisation} arbeiten. "
        "Ihre Benachrichtigungen können Sie im Portal einstellen.",
        "reason_outside": "Sie erhalten diese Nachricht einmalig, weil Ihnen jemand ein Dokument weitergeleitet hat.",
    },
)
