"""What notifications say in French: *la facture*, *le devis*. No *de* before a name, which would want *d’* or *du*."""

from services.notifications.application.phrases.model import Language
from services.notifications.domain.kinds import Audience, Kind

S, C, O = Audience.STAFF, Audience.CLIENT, Audience.OUTSIDE  # noqa: E741

LANGUAGE = Language(
    phrases={
        (Kind.DOCUMENT_VIEWED, S): {
            "invoice": (
                "{customer} a consulté la facture {number}",
                "{actor} a ouvert la facture {number} dans le portail.",
            ),
            "estimate": (
                "{customer} a consulté le devis {number}",
                "{actor} a ouvert le devis {number} dans le portail.",
            ),
        },
        (Kind.COMMENT_ADDED, S): {
            "invoice": (
                "Nouveau commentaire sur la facture {number}",
                "{actor} ({customer}) a écrit au sujet de la facture {number}\u202f:",
            ),
            "estimate": (
                "Nouveau commentaire sur le devis {number}",
                "{actor} ({customer}) a écrit au sujet du devis {number}\u202f:",
            ),
        },
        (Kind.ESTIMATE_ACCEPTED, S): {
            "estimate": (
                "{customer} a accepté le devis {number}",
                "{actor} a accepté le devis {number} d’un montant de {total}.",
            ),
        },
        (Kind.ESTIMATE_DECLINED, S): {
            "estimate": (
                "{customer} a refusé le devis {number}",
                "{actor} a refusé le devis {number} pour le motif suivant\u202f:",
            ),
        },
        (Kind.PAYMENT_RECEIVED, S): {
            "invoice": ("{customer} a payé {amount}", "{actor} a payé {amount} pour la facture {number}."),
        },
        (Kind.PAYMENT_RECEIVED, C): {
            "invoice": (
                "Nous avons reçu votre paiement de {amount}",
                "Merci. Nous avons reçu {amount} pour la facture {number}. Le reçu est joint.",
            ),
        },
        (Kind.NOBODY_REACHED, S): {
            "invoice": (
                "Personne chez {customer} n’a été joint pour la facture {number}",
                "Aucun e-mail au sujet de la facture {number} n’est parvenu à {whom}. Veuillez "
                "vérifier les contacts de {customer} et leurs adresses.",
            ),
            "estimate": (
                "Personne chez {customer} n’a été joint pour le devis {number}",
                "Aucun e-mail au sujet du devis {number} n’est parvenu à {whom}. Veuillez "
                "vérifier les contacts de {customer} et leurs adresses.",
            ),
        },
        (Kind.DOCUMENT_SENT, C): {
            "invoice": (
                "{organisation}\u202f: facture {number}",
                "{organisation} vous a envoyé la facture {number} d’un montant de {total}.",
            ),
            "estimate": (
                "{organisation}\u202f: devis {number}",
                "{organisation} vous a envoyé le devis {number} d’un montant de {total}.",
            ),
        },
        (Kind.REPLY_ADDED, C): {
            "invoice": (
                "{organisation} a répondu au sujet de la facture {number}",
                "{actor} a écrit au sujet de la facture {number}\u202f:",
            ),
            "estimate": (
                "{organisation} a répondu au sujet du devis {number}",
                "{actor} a écrit au sujet du devis {number}\u202f:",
            ),
        },
        (Kind.INVOICE_DUE_SOON, C): {
            "invoice": (
                "Rappel\u202f: la facture {number} est à payer pour le {due}",
                "La facture {number} est à payer pour le {due}. Il reste {balance} à payer. "
                "Si vous avez payé entre-temps, veuillez ignorer ce message.",
            ),
        },
        (Kind.INVOICE_OVERDUE, C): {
            "invoice": (
                "Rappel\u202f: la facture {number} est en retard de paiement",
                "La facture {number} était à payer pour le {due}. Il reste {balance} à payer. "
                "Si vous avez payé entre-temps, veuillez ignorer ce message.",
            ),
        },
        (Kind.DOCUMENT_FORWARDED, O): {
            "invoice": (
                "{actor} vous a transféré la facture {number}",
                "{actor} ({customer}) vous a transféré la facture {number}, émise par {organisation}. Elle est jointe.",
            ),
            "estimate": (
                "{actor} vous a transféré le devis {number}",
                "{actor} ({customer}) vous a transféré le devis {number}, émis par {organisation}. Il est joint.",
            ),
        },
    },
    words={
        "invoice_file": "Facture {number}",
        "estimate_file": "Devis {number}",
        "receipt_file": "Reçu {number}",
        "open": "Ouvrir dans le portail",
        "reason": "Vous recevez ce message car {organisation} travaille avec vous dans son portail client. "
        "Vous pouvez y choisir les messages que vous voulez recevoir.",
        "reason_staff": "Vous recevez cet e-mail parce que vous travaillez avec {organisation}. "
        "Vous pouvez modifier vos notifications dans le portail.",
        "reason_outside": "Vous recevez ce message une seule fois, car quelqu’un vous a transféré un document.",
    },
)
