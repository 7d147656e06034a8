"""What notifications say in Spanish: *la factura*, *el presupuesto*."""

from services.notifications.application.phrases.model import Language
from services.notifications.domain.kinds import Audience, Kind

S, C, O = Audience.STAFF, Audience.CLIENT, Audience.OUTSIDE  # noqa: E741

LANGUAGE = Language(
    phrases={
        (Kind.DOCUMENT_VIEWED, S): {
            "invoice": (
                "{customer} ha visto la factura {number}",
                "{actor} ha abierto la factura {number} en el portal.",
            ),
            "estimate": (
                "{customer} ha visto el presupuesto {number}",
                "{actor} ha abierto el presupuesto {number} en el portal.",
            ),
        },
        (Kind.COMMENT_ADDED, S): {
            "invoice": (
                "Nuevo comentario sobre la factura {number}",
                "{actor} ({customer}) ha escrito sobre la factura {number}:",
            ),
            "estimate": (
                "Nuevo comentario sobre el presupuesto {number}",
                "{actor} ({customer}) ha escrito sobre el presupuesto {number}:",
            ),
        },
        (Kind.ESTIMATE_ACCEPTED, S): {
            "estimate": (
                "{customer} ha aceptado el presupuesto {number}",
                "{actor} ha aceptado el presupuesto {number} por un importe de {total}.",
            ),
        },
        (Kind.ESTIMATE_DECLINED, S): {
            "estimate": (
                "{customer} ha rechazado el presupuesto {number}",
                "{actor} ha rechazado el presupuesto {number} por este motivo:",
            ),
        },
        (Kind.PAYMENT_RECEIVED, S): {
            "invoice": ("{customer} ha pagado {amount}", "{actor} ha pagado {amount} por la factura {number}."),
        },
        (Kind.PAYMENT_RECEIVED, C): {
            "invoice": (
                "Hemos recibido su pago de {amount}",
                "Gracias. Hemos recibido {amount} por la factura {number}. El recibo va adjunto.",
            ),
        },
        (Kind.NOBODY_REACHED, S): {
            "invoice": (
                "No se ha podido avisar a nadie de {customer} de la factura {number}",
                "Ningún mensaje sobre la factura {number} ha llegado a {whom}. Revise los "
                "contactos de {customer} y sus direcciones.",
            ),
            "estimate": (
                "No se ha podido avisar a nadie de {customer} del presupuesto {number}",
                "Ningún mensaje sobre el presupuesto {number} ha llegado a {whom}. Revise los "
                "contactos de {customer} y sus direcciones.",
            ),
        },
        (Kind.DOCUMENT_SENT, C): {
            "invoice": (
                "Factura {number} de {organisation}",
                "{organisation} le ha enviado la factura {number} por un importe de {total}.",
            ),
            "estimate": (
                "Presupuesto {number} de {organisation}",
                "{organisation} le ha enviado el presupuesto {number} por un importe de {total}.",
            ),
        },
        (Kind.REPLY_ADDED, C): {
            "invoice": (
                "{organisation} ha respondido sobre la factura {number}",
                "{actor} ha escrito sobre la factura {number}:",
            ),
            "estimate": (
                "{organisation} ha respondido sobre el presupuesto {number}",
                "{actor} ha escrito sobre el presupuesto {number}:",
            ),
        },
        (Kind.INVOICE_DUE_SOON, C): {
            "invoice": (
                "Recordatorio: la factura {number} vence el {due}",
                "La factura {number} vence el {due}. Importe pendiente: {balance}. "
                "Si ya ha pagado, ignore este mensaje.",
            ),
        },
        (Kind.INVOICE_OVERDUE, C): {
            "invoice": (
                "Recordatorio: la factura {number} está vencida",
                "La factura {number} venció el {due}. Importe pendiente: {balance}. "
                "Si ya ha pagado, ignore este mensaje.",
            ),
        },
        (Kind.DOCUMENT_FORWARDED, O): {
            "invoice": (
                "{actor} le ha reenviado la factura {number}",
                "{actor} ({customer}) le ha reenviado la factura {number} de {organisation}. Va adjunta.",
            ),
            "estimate": (
                "{actor} le ha reenviado el presupuesto {number}",
                "{actor} ({customer}) le ha reenviado el presupuesto {number} de {organisation}. Va adjunto.",
            ),
        },
    },
    words={
        "invoice_file": "Factura {number}",
        "estimate_file": "Presupuesto {number}",
        "receipt_file": "Recibo {number}",
        "open": "Abrir en el portal",
        "reason": "Recibe este mensaje porque {organisation} trabaja con usted en su portal de clientes. "
        "Allí puede elegir qué avisos quiere recibir.",
        "reason_staff": "Recibe este mensaje porque trabaja con {organisation}. "
        "Puede cambiar sus notificaciones en el portal.",
        "reason_outside": "Recibe este mensaje una sola vez, porque alguien le ha reenviado un documento.",
    },
)
