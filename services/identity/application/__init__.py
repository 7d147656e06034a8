"""What identity can do: its table of contents.

`Commands` change something and record events, `Queries` change nothing, `Reactions` answer events. Each attribute is
one use case bound to the ports; doors call these and nothing deeper.
"""

from functools import partial

from services.identity.application.commands.accept_invite import accept_invite, come_back
from services.identity.application.commands.log_in import log_in
from services.identity.application.commands.manage_contacts import (
    add_contact,
    disable_contact,
    enable_contact,
    erase_contact,
    update_contact,
)
from services.identity.application.commands.manage_customers import create_customer, update_customer, update_my_company
from services.identity.application.commands.manage_invites import invite_contacts, resend_invite, revoke_invite
from services.identity.application.commands.manage_password import (
    change_password,
    request_password_reset,
    reset_password,
)
from services.identity.application.commands.manage_portal import (
    disable_portal,
    enable_portal,
    update_organisation,
    update_portal_settings,
)
from services.identity.application.commands.manage_session import log_out, log_out_everywhere, refresh_session
from services.identity.application.commands.manage_staff import (
    deactivate_staff,
    invite_staff,
    reactivate_staff,
    update_staff,
)
from services.identity.application.commands.own_sessions import end_other_sessions, end_session
from services.identity.application.commands.passkeys import (
    add_passkey,
    begin_passkey,
    begin_passkey_log_in,
    begin_passkey_step_up,
    log_in_with_passkey,
    remove_passkey,
    rename_passkey,
    show_passkey_to_log_in,
)
from services.identity.application.commands.prove_email import confirm_email, resend_confirmation
from services.identity.application.commands.register_organisation import (
    enter_as_owner,
    register_and_enter,
    register_organisation,
)
from services.identity.application.commands.second_factor import (
    complete_log_in,
    confirm_second_factor,
    decide_log_ins,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
    set_up_second_factor,
    show_second_factor,
    step_up,
)
from services.identity.application.commands.update_my_account import update_my_account
from services.identity.application.ports import Ports
from services.identity.application.queries import people_and_companies as reading
from services.identity.application.queries.own_second_factor import (
    added_passkey,
    own_second_factor,
    recovery_codes_of,
    whose_challenge,
    whose_passkey,
)
from services.identity.application.queries.own_sessions import own_sessions
from services.identity.application.queries.personal_data import personal_data, whose_data
from services.identity.application.queries.preview_invite import preview_invite
from services.identity.application.queries.sessions_that_count import sessions_that_count
from services.identity.application.queries.whose_link import whose_link
from services.identity.application.reactions.add_forwarded_contact import add_forwarded_contact
from services.identity.application.reactions.send_mails import (
    mail_email_changed,
    mail_email_proof,
    mail_invite,
    mail_passkey_changed,
    mail_password_changed,
    mail_reset,
    mail_second_factor_changed,
)


class Commands:
    """Everything that changes something."""

    def __init__(self, ports: Ports) -> None:
        self.register_organisation = partial(register_organisation, ports=ports)
        self.register_and_enter = partial(register_and_enter, ports=ports)
        self.enter_as_owner = partial(enter_as_owner, ports=ports)
        self.confirm_email = partial(confirm_email, ports=ports)
        self.resend_confirmation = partial(resend_confirmation, ports=ports)
        self.update_organisation = partial(update_organisation, ports=ports)
        self.enable_portal = partial(enable_portal, ports=ports)
        self.update_portal_settings = partial(update_portal_settings, ports=ports)
        self.disable_portal = partial(disable_portal, ports=ports)

        self.invite_staff = partial(invite_staff, ports=ports)
        self.update_staff = partial(update_staff, ports=ports)
        self.deactivate_staff = partial(deactivate_staff, ports=ports)
        self.reactivate_staff = partial(reactivate_staff, ports=ports)

        self.create_customer = partial(create_customer, ports=ports)
        self.update_customer = partial(update_customer, ports=ports)
        self.update_my_company = partial(update_my_company, ports=ports)

        self.add_contact = partial(add_contact, ports=ports)
        self.update_contact = partial(update_contact, ports=ports)
        self.disable_contact = partial(disable_contact, ports=ports)
        self.enable_contact = partial(enable_contact, ports=ports)
        self.erase_contact = partial(erase_contact, ports=ports)
        self.invite_contacts = partial(invite_contacts, ports=ports)
        self.resend_invite = partial(resend_invite, ports=ports)
        self.revoke_invite = partial(revoke_invite, ports=ports)
        self.accept_invite = partial(accept_invite, ports=ports)
        self.come_back = partial(come_back, ports=ports)

        self.log_in = partial(log_in, ports=ports)
        self.refresh_session = partial(refresh_session, ports=ports)
        self.log_out = partial(log_out, ports=ports)
        self.log_out_everywhere = partial(log_out_everywhere, ports=ports)
        self.end_session = partial(end_session, ports=ports)
        self.end_other_sessions = partial(end_other_sessions, ports=ports)
        self.change_password = partial(change_password, ports=ports)
        self.request_password_reset = partial(request_password_reset, ports=ports)
        self.reset_password = partial(reset_password, ports=ports)
        self.show_second_factor = partial(show_second_factor, ports=ports)
        self.complete_log_in = partial(complete_log_in, ports=ports)
        self.set_up_second_factor = partial(set_up_second_factor, ports=ports)
        self.confirm_second_factor = partial(confirm_second_factor, ports=ports)
        self.renew_recovery_codes = partial(renew_recovery_codes, ports=ports)
        self.remove_second_factor = partial(remove_second_factor, ports=ports)
        self.reset_second_factor = partial(reset_second_factor, ports=ports)
        self.begin_passkey = partial(begin_passkey, ports=ports)
        self.add_passkey = partial(add_passkey, ports=ports)
        self.rename_passkey = partial(rename_passkey, ports=ports)
        self.remove_passkey = partial(remove_passkey, ports=ports)
        self.begin_passkey_log_in = partial(begin_passkey_log_in, ports=ports)
        self.begin_passkey_step_up = partial(begin_passkey_step_up, ports=ports)
        self.show_passkey_to_log_in = partial(show_passkey_to_log_in, ports=ports)
        self.log_in_with_passkey = partial(log_in_with_passkey, ports=ports)
        self.step_up = partial(step_up, ports=ports)
        self.decide_log_ins = partial(decide_log_ins, ports=ports)
        self.update_my_account = partial(update_my_account, ports=ports)


class Queries:
    """Everything that only looks."""

    def __init__(self, ports: Ports) -> None:
        self.now = ports.clock.now
        self.me = partial(reading.get_me, ports=ports)
        self.whose_passkey = partial(whose_passkey, ports=ports)
        self.whose_challenge = partial(whose_challenge, ports=ports)
        self.own_second_factor = partial(own_second_factor, ports=ports)
        self.added_passkey = partial(added_passkey, ports=ports)
        self.recovery_codes = partial(recovery_codes_of, ports=ports)
        self.own_sessions = partial(own_sessions, ports=ports)
        self.person = partial(reading.find_person, ports=ports)
        self.portal = partial(reading.get_portal, ports=ports)
        self.preview_invite = partial(preview_invite, ports=ports)
        self.whose_link = partial(whose_link, ports=ports)
        self.sessions_that_count = partial(sessions_that_count, ports=ports)
        self.organisations = partial(reading.get_organisations, ports=ports)
        self.whose_data = partial(whose_data, ports=ports)
        self.personal_data = partial(personal_data, ports=ports)
        self.customer = partial(reading.get_customer, ports=ports)
        self.customers = partial(reading.get_customers, ports=ports)
        self.list_customers = partial(reading.list_customers, ports=ports)
        self.contact = partial(reading.get_contact, ports=ports)
        self.contacts = partial(reading.get_contacts, ports=ports)
        self.list_contacts = partial(reading.list_contacts, ports=ports)
        self.staff_member = partial(reading.get_staff_member, ports=ports)
        self.staff = partial(reading.get_staff, ports=ports)
        self.list_staff = partial(reading.list_staff, ports=ports)


class Reactions:
    """Everything that answers an event."""

    def __init__(self, ports: Ports) -> None:
        self.add_forwarded_contact = partial(add_forwarded_contact, ports=ports)
        self.mail_invite = partial(mail_invite, ports=ports)
        self.mail_reset = partial(mail_reset, ports=ports)
        self.mail_email_proof = partial(mail_email_proof, ports=ports)
        self.mail_second_factor_changed = partial(mail_second_factor_changed, ports=ports)
        self.mail_passkey_changed = partial(mail_passkey_changed, ports=ports)
        self.mail_email_changed = partial(mail_email_changed, ports=ports)
        self.mail_password_changed = partial(mail_password_changed, ports=ports)
