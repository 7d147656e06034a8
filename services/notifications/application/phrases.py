"""What notifications say, in every language that has a translation. Names in braces are filled with plain text.

Of each kind: `staff`/`client`/`outside` → (subject, sentence). `document` is a phrase such as “invoice INV-7”.
"""

from services.notifications.domain.kinds import Audience, Kind

Phrases = dict[tuple[Kind, Audience], tuple[str, str]]

S, C, O = Audience.STAFF, Audience.CLIENT, Audience.OUTSIDE  # noqa: E741

ENGLISH: Phrases = {
    (Kind.DOCUMENT_VIEWED, S): ("{customer} has viewed {document}", "{actor} opened {document} in the portal."),
    (Kind.COMMENT_ADDED, S): ("New comment on {document}", "{actor} ({customer}) wrote about {document}:"),
    (Kind.ESTIMATE_ACCEPTED, S): ("{customer} has accepted {document}", "{actor} accepted {document} over {total}."),
    (Kind.ESTIMATE_DECLINED, S): (
        "{customer} has declined {document}",
        "{actor} declined {document}, for this reason:",
    ),
    (Kind.PAYMENT_RECEIVED, S): ("{customer} has paid {amount}", "{actor} paid {amount} for {document}."),
    (Kind.PAYMENT_RECEIVED, C): (
        "We have received your payment of {amount}",
        "Thank you. We have received {amount} for {document}. The receipt is attached.",
    ),
    (Kind.DOCUMENT_SENT, C): ("{Document} from {organisation}", "{organisation} has sent you {document} over {total}."),
    (Kind.REPLY_ADDED, C): ("{organisation} has answered on {document}", "{actor} wrote about {document}:"),
    (Kind.INVOICE_OVERDUE, C): (
        "Reminder: {document} is overdue",
        "{document} was due on {due}. {balance} is still open. If you have paid meanwhile, please ignore this message.",
    ),
    (Kind.DOCUMENT_FORWARDED, O): (
        "{actor} has forwarded {document} to you",
        "{actor} ({customer}) has forwarded {document} from {organisation} to you. It is attached.",
    ),
}
GERMAN: Phrases = {
    (Kind.DOCUMENT_VIEWED, S): ("{customer} hat {document} angesehen", "{actor} hat {document} im Portal geöffnet."),
    (Kind.COMMENT_ADDED, S): ("Neuer Kommentar zu {document}", "{actor} ({customer}) schreibt zu {document}:"),
    (Kind.ESTIMATE_ACCEPTED, S): (
        "{customer} hat {document} angenommen",
        "{actor} hat {document} über {total} angenommen.",
    ),
    (Kind.ESTIMATE_DECLINED, S): (
        "{customer} hat {document} abgelehnt",
        "{actor} hat {document} mit dieser Begründung abgelehnt:",
    ),
    (Kind.PAYMENT_RECEIVED, S): ("{customer} hat {amount} bezahlt", "{actor} hat {amount} zu {document} bezahlt."),
    (Kind.PAYMENT_RECEIVED, C): (
        "Ihre Zahlung über {amount} ist eingegangen",
        "Vielen Dank. Ihre Zahlung über {amount} zu {document} ist eingegangen. Der Beleg liegt bei.",
    ),
    (Kind.DOCUMENT_SENT, C): (
        "{Document} von {organisation}",
        "{organisation} hat Ihnen {document} über {total} gesendet.",
    ),
    (Kind.REPLY_ADDED, C): ("{organisation} hat zu {document} geantwortet", "{actor} schreibt zu {document}:"),
    (Kind.INVOICE_OVERDUE, C): (
        "Erinnerung: {document} ist überfällig",
        "{document} war am {due} fällig. Offen sind noch {balance}. "
        "Falls Sie inzwischen bezahlt haben, betrachten Sie diese Nachricht bitte als gegenstandslos.",
    ),
    (Kind.DOCUMENT_FORWARDED, O): (
        "{actor} hat {document} an Sie weitergeleitet",
        "{actor} ({customer}) hat {document} von {organisation} an Sie weitergeleitet. Das Dokument liegt bei.",
    ),
}
FRENCH: Phrases = {
    (Kind.DOCUMENT_VIEWED, S): ("{customer} a consulté {document}", "{actor} a ouvert {document} dans le portail."),
    (Kind.COMMENT_ADDED, S): ("Nouveau commentaire : {document}", "{actor} ({customer}) a écrit ({document}) :"),
    (Kind.ESTIMATE_ACCEPTED, S): (
        "{customer} a accepté {document}",
        "{actor} a accepté {document} d’un montant de {total}.",
    ),
    (Kind.ESTIMATE_DECLINED, S): ("{customer} a refusé {document}", "{actor} a refusé {document} pour ce motif :"),
    (Kind.PAYMENT_RECEIVED, S): ("{customer} a payé {amount}", "{actor} a payé {amount} ({document})."),
    (Kind.PAYMENT_RECEIVED, C): (
        "Nous avons reçu votre paiement de {amount}",
        "Merci. Nous avons reçu {amount} ({document}). Le reçu est joint.",
    ),
    (Kind.DOCUMENT_SENT, C): (
        "{Document} de {organisation}",
        "{organisation} vous a envoyé {document} d’un montant de {total}.",
    ),
    (Kind.REPLY_ADDED, C): ("{organisation} a répondu : {document}", "{actor} a écrit ({document}) :"),
    (Kind.INVOICE_OVERDUE, C): (
        "Rappel : {document} en retard de paiement",
        "L’échéance était le {due} ({document}). Il reste {balance} à payer. "
        "Si vous avez payé entre-temps, veuillez ignorer ce message.",
    ),
    (Kind.DOCUMENT_FORWARDED, O): (
        "{actor} vous a transféré {document}",
        "{actor} ({customer}) vous a transféré {document} de {organisation}. Le document est joint.",
    ),
}
SPANISH: Phrases = {
    (Kind.DOCUMENT_VIEWED, S): ("{customer} ha visto {document}", "{actor} ha abierto {document} en el portal."),
    (Kind.COMMENT_ADDED, S): ("Nuevo comentario: {document}", "{actor} ({customer}) ha escrito ({document}):"),
    (Kind.ESTIMATE_ACCEPTED, S): (
        "{customer} ha aceptado {document}",
        "{actor} ha aceptado {document} por un importe de {total}.",
    ),
    (Kind.ESTIMATE_DECLINED, S): (
        "{customer} ha rechazado {document}",
        "{actor} ha rechazado {document} por este motivo:",
    ),
    (Kind.PAYMENT_RECEIVED, S): ("{customer} ha pagado {amount}", "{actor} ha pagado {amount} ({document})."),
    (Kind.PAYMENT_RECEIVED, C): (
        "Hemos recibido su pago de {amount}",
        "Gracias. Hemos recibido {amount} ({document}). El recibo va adjunto.",
    ),
    (Kind.DOCUMENT_SENT, C): (
        "{Document} de {organisation}",
        "{organisation} le ha enviado {document} por un importe de {total}.",
    ),
    (Kind.REPLY_ADDED, C): ("{organisation} ha respondido: {document}", "{actor} ha escrito ({document}):"),
    (Kind.INVOICE_OVERDUE, C): (
        "Recordatorio: {document} está vencida",
        "{Document} venció el {due}. Quedan {balance} por pagar. Si ya ha pagado, ignore este mensaje.",
    ),
    (Kind.DOCUMENT_FORWARDED, O): (
        "{actor} le ha reenviado {document}",
        "{actor} ({customer}) le ha reenviado {document} de {organisation}. El documento va adjunto.",
    ),
}
PHRASES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}

WORDS = {
    "en": {
        "invoice": "invoice {number}",
        "estimate": "estimate {number}",
        "invoice_file": "Invoice {number}",
        "estimate_file": "Estimate {number}",
        "receipt_file": "Receipt {number}",
        "greeting": "Hello {name},",
        "open": "Open in the portal",
        "reason": "You get this message because {organisation} works with you through its client portal. "
        "You can choose there what you are told.",
        "reason_outside": "You get this message once, because somebody has forwarded a document to you.",
    },
    "de": {
        "invoice": "Rechnung {number}",
        "estimate": "Angebot {number}",
        "invoice_file": "Rechnung {number}",
        "estimate_file": "Angebot {number}",
        "receipt_file": "Zahlungsbeleg {number}",
        "greeting": "Guten Tag {name},",
        "open": "Im Portal öffnen",
        "reason": "Sie erhalten diese Nachricht, weil {organisation} über das Kundenportal mit Ihnen arbeitet. "
        "Dort können Sie wählen, worüber Sie informiert werden.",
        "reason_outside": "Sie erhalten diese Nachricht einmalig, weil Ihnen jemand ein Dokument weitergeleitet hat.",
    },
    "fr": {
        "invoice": "la facture {number}",
        "estimate": "le devis {number}",
        "invoice_file": "Facture {number}",
        "estimate_file": "Devis {number}",
        "receipt_file": "Reçu {number}",
        "greeting": "Bonjour {name},",
        "open": "Ouvrir dans le portail",
        "reason": "Vous recevez ce message car {organisation} travaille avec vous dans son portail client. "
        "Vous pouvez y choisir ce dont vous êtes informé.",
        "reason_outside": "Vous recevez ce message une seule fois, car quelqu’un vous a transféré un document.",
    },
    "es": {
        "invoice": "la factura {number}",
        "estimate": "el presupuesto {number}",
        "invoice_file": "Factura {number}",
        "estimate_file": "Presupuesto {number}",
        "receipt_file": "Recibo {number}",
        "greeting": "Hola, {name}:",
        "open": "Abrir en el portal",
        "reason": "Recibe este mensaje porque {organisation} trabaja con usted en su portal de clientes. "
        "Allí puede elegir de qué quiere ser informado.",
        "reason_outside": "Recibe este mensaje una sola vez, porque alguien le ha reenviado un documento.",
    },
}
