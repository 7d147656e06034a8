"""What the mails say, by language. Placeholders: `{name}`, `{place}` (portal or organisation), `{until}`.

Longer than most files, because it is a list: every sentence in every language.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The mails there are."""

    CONTACT_INVITE = "contact_invite"
    STAFF_INVITE = "staff_invite"
    RESET = "reset"
    PROVE = "prove"
    CHANGED = "changed"
    MOVED = "moved"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    FACTOR_ON = "factor_on"
    FACTOR_OFF = "factor_off"


@dataclass(frozen=True, slots=True)
class Sentences:
    """One mail in one language."""

    subject: str
    body: str
    button: str
    note: str


VALID_UNTIL = {
    "en": "The link is valid until {until}.",
    "de": "Der Link gilt bis {until}.",
    "fr": "Le lien est valable jusqu’au {until}.",
    "es": "El enlace es válido hasta el {until}.",
}

SENTENCES = {
    "en": {
        Kind.CONTACT_INVITE: Sentences(
            "Your access to {place}",
            "{place} invites you to its client portal, where you can see, discuss, accept and pay your estimates and "
            "invoices. Choose a password to get started.",
            "Accept the invite",
            "If you did not expect this e-mail, you can ignore it.",
        ),
        Kind.STAFF_INVITE: Sentences(
            "Join {place}",
            "You have been invited to join the staff of {place}. Choose a password to get started.",
            "Join",
            "If you did not expect this e-mail, you can ignore it.",
        ),
        Kind.RESET: Sentences(
            "Reset your password for {place}",
            "Somebody, hopefully you, requested a new password for {place}.",
            "Choose a new password",
            "If this wasn't you, ignore this e-mail: your password has not changed.",
        ),
        Kind.PROVE: Sentences(
            "Confirm your e-mail address",
            "A business was registered at a client portal with this e-mail address. If you did that, confirm "
            "that the address is yours: it then counts for logging in, and e-mails may be sent to your "
            "clients and colleagues.",
            "Confirm the address",
            "If this wasn't you, ignore this e-mail and do not open the link: without it the address is not used.",
        ),
        Kind.CHANGED: Sentences(
            "Your password for {place} was changed",
            "Your password for {place} was changed and you were signed out everywhere else.",
            "",
            "If this wasn't you, reset your password now and contact us.",
        ),
        Kind.MOVED: Sentences(
            "Your e-mail address for {place} was changed",
            "You now log in to {place} with another e-mail address. This one no longer works, and you were logged out "
            "everywhere.",
            "",
            "If you did not expect this, contact us right away, by a phone number or address that you already know.",
        ),
        Kind.PASSKEY_ADDED: Sentences(
            "A passkey was added to your access to {place}",
            "You can now log in to {place} with another passkey.",
            "",
            "If this wasn't you, reset your password now, remove the passkey and contact us.",
        ),
        Kind.PASSKEY_REMOVED: Sentences(
            "A passkey was removed from your access to {place}",
            "A passkey no longer lets you in to {place}.",
            "",
            "If this wasn't you, reset your password now and contact us.",
        ),
        Kind.FACTOR_ON: Sentences(
            "A second step protects your access to {place}",
            "From now on the password alone no longer lets you in to {place}. Keep your recovery codes in a safe "
            "place.",
            "",
            "If this wasn't you, reset your password now and contact us.",
        ),
        Kind.FACTOR_OFF: Sentences(
            "The second step for {place} was switched off",
            "To log in to {place}, the password alone is enough again.",
            "",
            "If this wasn't you, reset your password now and contact us.",
        ),
    },
    "de": {
        Kind.CONTACT_INVITE: Sentences(
            "Ihr Zugang zu {place}",
            "{place} lädt Sie in das Kundenportal ein. Dort sehen Sie Ihre Angebote und Rechnungen, können sie "
            "besprechen, annehmen und bezahlen. Wählen Sie zu Beginn ein Passwort.",
            "Einladung annehmen",
            "Falls Sie diese E-Mail nicht erwartet haben, können Sie sie ignorieren.",
        ),
        Kind.STAFF_INVITE: Sentences(
            "Einladung zu {place}",
            "Sie wurden eingeladen, bei {place} mitzuarbeiten. Wählen Sie zu Beginn ein Passwort.",
            "Beitreten",
            "Falls Sie diese E-Mail nicht erwartet haben, können Sie sie ignorieren.",
        ),
        Kind.RESET: Sentences(
            "Ein neues Passwort für {place}",
            "Jemand, hoffentlich Sie selbst, hat ein neues Passwort für {place} angefordert.",
            "Neues Passwort wählen",
            "Falls Sie es nicht waren, ignorieren Sie diese E-Mail: Ihr Passwort bleibt, wie es ist.",
        ),
        Kind.PROVE: Sentences(
            "Bestätigen Sie Ihre E-Mail-Adresse",
            "Mit dieser E-Mail-Adresse wurde ein Unternehmen bei einem Kundenportal registriert. Wenn Sie das "
            "waren, bestätigen Sie, dass die Adresse Ihre ist: Dann gilt sie für die Anmeldung, und Ihre "
            "Kunden und Kollegen können E-Mails bekommen.",
            "Adresse bestätigen",
            "Falls Sie es nicht waren, ignorieren Sie diese E-Mail und öffnen Sie den Link nicht: Ohne ihn "
            "wird die Adresse nicht verwendet.",
        ),
        Kind.CHANGED: Sentences(
            "Ihr Passwort für {place} wurde geändert",
            "Das Passwort Ihres Zugangs zu {place} wurde geändert, und Ihre anderen Sitzungen wurden beendet.",
            "",
            "Falls Sie es nicht waren, fordern Sie sofort ein neues Passwort an und melden Sie sich bei uns.",
        ),
        Kind.MOVED: Sentences(
            "Ihre E-Mail-Adresse für {place} wurde geändert",
            "Ihr Zugang zu {place} gehört jetzt zu einer anderen E-Mail-Adresse. Mit dieser Adresse können Sie sich "
            "nicht mehr anmelden, und alle Sitzungen wurden beendet.",
            "",
            "Falls Sie das nicht erwartet haben, melden Sie sich sofort bei uns, über eine Nummer oder Adresse, die "
            "Sie kennen.",
        ),
        Kind.PASSKEY_ADDED: Sentences(
            "Ein Passkey für {place} wurde hinzugefügt",
            "Sie können sich bei {place} jetzt mit einem weiteren Passkey anmelden.",
            "",
            "Falls Sie es nicht waren, fordern Sie sofort ein neues Passwort an, entfernen Sie den Passkey "
            "und melden Sie sich bei uns.",
        ),
        Kind.PASSKEY_REMOVED: Sentences(
            "Ein Passkey für {place} wurde entfernt",
            "Mit einem Ihrer Passkeys können Sie sich bei {place} nicht mehr anmelden.",
            "",
            "Falls Sie es nicht waren, fordern Sie sofort ein neues Passwort an und melden Sie sich bei uns.",
        ),
        Kind.FACTOR_ON: Sentences(
            "Ein zweiter Schritt schützt Ihren Zugang zu {place}",
            "Ab jetzt genügt das Passwort allein nicht mehr, um sich bei {place} anzumelden. Bewahren Sie Ihre "
            "Wiederherstellungscodes sicher auf.",
            "",
            "Falls Sie es nicht waren, fordern Sie sofort ein neues Passwort an und melden Sie sich bei uns.",
        ),
        Kind.FACTOR_OFF: Sentences(
            "Der zweite Schritt für {place} wurde abgeschaltet",
            "Für die Anmeldung bei {place} genügt wieder das Passwort allein.",
            "",
            "Falls Sie es nicht waren, fordern Sie sofort ein neues Passwort an und melden Sie sich bei uns.",
        ),
    },
    "fr": {
        Kind.CONTACT_INVITE: Sentences(
            "Votre accès à {place}",
            "{place} vous invite sur son portail client. Vous y consultez vos devis et factures, vous pouvez en "
            "discuter, les accepter et les payer. Choisissez un mot de passe pour commencer.",
            "Accepter l’invitation",
            "Si vous n’attendiez pas ce message, vous pouvez l’ignorer.",
        ),
        Kind.STAFF_INVITE: Sentences(
            "Rejoindre {place}",
            "On vous invite à travailler avec {place}. Choisissez un mot de passe pour commencer.",
            "Rejoindre",
            "Si vous n’attendiez pas ce message, vous pouvez l’ignorer.",
        ),
        Kind.RESET: Sentences(
            "Un nouveau mot de passe pour {place}",
            "Quelqu’un, sans doute vous-même, a demandé un nouveau mot de passe pour {place}.",
            "Choisir un nouveau mot de passe",
            "Si ce n’était pas vous, ignorez ce message\u202f: votre mot de passe reste inchangé.",
        ),
        Kind.PROVE: Sentences(
            "Confirmez votre adresse e-mail",
            "Une entreprise a été inscrite sur un portail client avec cette adresse e-mail. Si c’était vous, "
            "confirmez que l’adresse est la vôtre\u202f: elle sert alors à la connexion, et vos clients et "
            "collègues peuvent recevoir des messages.",
            "Confirmer l’adresse",
            "Si ce n’était pas vous, ignorez ce message et n’ouvrez pas le lien\u202f: sans lui, l’adresse "
            "n’est pas utilisée.",
        ),
        Kind.CHANGED: Sentences(
            "Votre mot de passe pour {place} a été modifié",
            "Le mot de passe de votre accès à {place} a été modifié et vos autres sessions ont été fermées.",
            "",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et prévenez-nous.",
        ),
        Kind.MOVED: Sentences(
            "Votre adresse e-mail pour {place} a été modifiée",
            "Votre accès à {place} est désormais lié à une autre adresse e-mail. Celle-ci ne permet plus de se "
            "connecter et toutes les sessions ont été fermées.",
            "",
            "Si vous ne vous y attendiez pas, contactez-nous tout de suite, à un numéro ou une adresse que vous "
            "connaissez.",
        ),
        Kind.PASSKEY_ADDED: Sentences(
            "Une clé d’accès pour {place} a été ajoutée",
            "Vous pouvez désormais vous connecter à {place} avec une clé d’accès de plus.",
            "",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe, supprimez la clé et "
            "prévenez-nous.",
        ),
        Kind.PASSKEY_REMOVED: Sentences(
            "Une clé d’accès pour {place} a été supprimée",
            "L’une de vos clés d’accès ne permet plus de vous connecter à {place}.",
            "",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et prévenez-nous.",
        ),
        Kind.FACTOR_ON: Sentences(
            "Une deuxième étape protège votre accès à {place}",
            "Désormais, le mot de passe seul ne suffit plus pour vous connecter à {place}. Gardez vos codes de "
            "secours en lieu sûr.",
            "",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et prévenez-nous.",
        ),
        Kind.FACTOR_OFF: Sentences(
            "La deuxième étape pour {place} a été désactivée",
            "Pour vous connecter à {place}, le mot de passe suffit de nouveau.",
            "",
            "Si ce n’était pas vous, demandez tout de suite un nouveau mot de passe et prévenez-nous.",
        ),
    },
    "es": {
        Kind.CONTACT_INVITE: Sentences(
            "Su acceso a {place}",
            "{place} le invita a su portal de clientes. Allí puede ver sus presupuestos y facturas, comentarlos, "
            "aceptarlos y pagarlos. Elija una contraseña para empezar.",
            "Aceptar la invitación",
            "Si no esperaba este mensaje, puede ignorarlo.",
        ),
        Kind.STAFF_INVITE: Sentences(
            "Únase a {place}",
            "Le han invitado a trabajar con {place}. Elija una contraseña para empezar.",
            "Unirse",
            "Si no esperaba este mensaje, puede ignorarlo.",
        ),
        Kind.RESET: Sentences(
            "Una nueva contraseña para {place}",
            "Alguien, esperamos que usted, ha pedido una nueva contraseña para {place}.",
            "Elegir una nueva contraseña",
            "Si no ha sido usted, ignore este mensaje: su contraseña no cambia.",
        ),
        Kind.PROVE: Sentences(
            "Confirme su dirección de correo",
            "Se ha registrado una empresa en un portal de clientes con esta dirección de correo. Si ha sido "
            "usted, confirme que la dirección es suya: entonces sirve para iniciar sesión y sus clientes y "
            "compañeros pueden recibir correos.",
            "Confirmar la dirección",
            "Si no ha sido usted, ignore este mensaje y no abra el enlace: sin él, la dirección no se usa.",
        ),
        Kind.CHANGED: Sentences(
            "Su contraseña de {place} ha cambiado",
            "La contraseña de su acceso a {place} ha cambiado y sus demás sesiones se han cerrado.",
            "",
            "Si no ha sido usted, pida enseguida una nueva contraseña y avísenos.",
        ),
        Kind.MOVED: Sentences(
            "Su dirección de correo para {place} ha cambiado",
            "Su acceso a {place} pertenece ahora a otra dirección de correo. Con esta ya no se puede iniciar sesión y "
            "todas las sesiones se han cerrado.",
            "",
            "Si no lo esperaba, avísenos enseguida, por un teléfono o una dirección que ya conozca.",
        ),
        Kind.PASSKEY_ADDED: Sentences(
            "Se ha añadido una llave de acceso para {place}",
            "Ahora puede entrar en {place} con una llave de acceso más.",
            "",
            "Si no ha sido usted, pida enseguida una nueva contraseña, elimine la llave y avísenos.",
        ),
        Kind.PASSKEY_REMOVED: Sentences(
            "Se ha eliminado una llave de acceso para {place}",
            "Una de sus llaves de acceso ya no sirve para entrar en {place}.",
            "",
            "Si no ha sido usted, pida enseguida una nueva contraseña y avísenos.",
        ),
        Kind.FACTOR_ON: Sentences(
            "Un segundo paso protege su acceso a {place}",
            "Desde ahora ya no basta la contraseña para entrar en {place}. Guarde sus códigos de recuperación en un "
            "lugar seguro.",
            "",
            "Si no ha sido usted, pida enseguida una nueva contraseña y avísenos.",
        ),
        Kind.FACTOR_OFF: Sentences(
            "El segundo paso de {place} se ha desactivado",
            "Para entrar en {place} vuelve a bastar la contraseña.",
            "",
            "Si no ha sido usted, pida enseguida una nueva contraseña y avísenos.",
        ),
    },
}


def language_of(tag: str) -> str:
    """Return the language in which there are sentences: the tag's own, otherwise English."""
    language = tag.split("-")[0].lower()
    return language if language in SENTENCES else "en"
