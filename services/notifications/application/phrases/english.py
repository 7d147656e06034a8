"""What notifications say in English."""

from services.notifications.application.phrases.model import Language
from services.notifications.domain.kinds import Audience, Kind

S, C, O = Audience.STAFF, Audience.CLIENT, Audience.OUTSIDE  # noqa: E741

LANGUAGE = Language(
    phrases={
        (Kind.DOCUMENT_VIEWED, S): {
            "invoice": ("{customer} has viewed invoice {number}", "{actor} opened invoice {number} in the portal."),
            "estimate": ("{customer} has viewed estimate {number}", "{actor} opened estimate {number} in the portal."),
        },
        (Kind.COMMENT_ADDED, S): {
            "invoice": ("New comment on invoice {number}", "{actor} ({customer}) wrote about invoice {number}:"),
            "estimate": ("New comment on estimate {number}", "{actor} ({customer}) wrote about estimate {number}:"),
        },
        (Kind.ESTIMATE_ACCEPTED, S): {
            "estimate": (
                "{customer} has accepted estimate {number}",
                "{actor} accepted estimate {number} for {total}.",
            ),
        },
        (Kind.ESTIMATE_DECLINED, S): {
            "estimate": (
                "{customer} has declined estimate {number}",
                "{actor} declined estimate {number} for this reason:",
            ),
        },
        (Kind.PAYMENT_RECEIVED, S): {
            "invoice": ("{customer} has paid {amount}", "{actor} paid {amount} for invoice {number}."),
        },
        (Kind.PAYMENT_RECEIVED, C): {
            "invoice": (
                "We have received your payment of {amount}",
                "Thank you. We have received {amount} for invoice {number}. The receipt is attached.",
            ),
        },
        (Kind.NOBODY_REACHED, S): {
            "invoice": (
                "Nobody at {customer} was reached about invoice {number}",
                "No e-mail about invoice {number} reached {whom}. Please check the contacts of "
                "{customer} and their addresses.",
            ),
            "estimate": (
                "Nobody at {customer} was reached about estimate {number}",
                "No e-mail about estimate {number} reached {whom}. Please check the contacts of "
                "{customer} and their addresses.",
            ),
        },
        (Kind.DOCUMENT_SENT, C): {
            "invoice": (
                "Invoice {number} from {organisation}",
                "{organisation} has sent you invoice {number} for {total}.",
            ),
            "estimate": (
                "Estimate {number} from {organisation}",
                "{organisation} has sent you estimate {number} for {total}.",
            ),
        },
        (Kind.REPLY_ADDED, C): {
            "invoice": ("{organisation} replied about invoice {number}", "{actor} wrote about invoice {number}:"),
            "estimate": ("{organisation} replied about estimate {number}", "{actor} wrote about estimate {number}:"),
        },
        (Kind.INVOICE_DUE_SOON, C): {
            "invoice": (
                "Reminder: invoice {number} is due on {due}",
                "Invoice {number} is due on {due}, and {balance} is outstanding. "
                "If you have paid in the meantime, please ignore this message.",
            ),
        },
        (Kind.INVOICE_OVERDUE, C): {
            "invoice": (
                "Reminder: invoice {number} is overdue",
                "Invoice {number} was due on {due}, and {balance} is still outstanding. "
                "If you have paid in the meantime, please ignore this message.",
            ),
        },
        (Kind.DOCUMENT_FORWARDED, O): {
            "invoice": (
                "{actor} has forwarded invoice {number} to you",
                "{actor} ({customer}) has forwarded invoice {number} from {organisation} to you. It is attached.",
            ),
            "estimate": (
                "{actor} has forwarded estimate {number} to you",
                "{actor} ({customer}) has forwarded estimate {number} from {organisation} to you. It is attached.",
            ),
        },
    },
    words={
        "invoice_file": "Invoice {number}",
        "estimate_file": "Estimate {number}",
        "receipt_file": "Receipt {number}",
        "open": "Open in the portal",
        "reason": "You are receiving this e-mail because you use {organisation}'s client portal. "
        "You can change your notification settings there.",
        "reason_staff": "You are receiving this e-mail because you work with {organisation}. "
        "You can change your notification settings in the portal.",
        "reason_outside": "You are receiving this one e-mail because somebody forwarded a document to you.",
    },
)
