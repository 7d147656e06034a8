"""What identity can do: its table of contents. Doors build a command and call its handler here, with the principal.

`Commands` change something and record events, `Queries` change nothing, `Reactions` answer events; all check roles
first. Never knows how it was called.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.identity.application.commands.accept_invite import AcceptInviteHandler, ComeBackHandler
from services.identity.application.commands.add_contact import AddContactHandler
from services.identity.application.commands.add_passkey import AddPasskeyHandler
from services.identity.application.commands.begin_passkey import BeginPasskeyHandler
from services.identity.application.commands.begin_passkey_log_in import BeginPasskeyLogInHandler
from services.identity.application.commands.begin_passkey_step_up import BeginPasskeyStepUpHandler
from services.identity.application.commands.change_password import ChangePasswordHandler
from services.identity.application.commands.complete_log_in import CompleteLogInHandler, ShowSecondFactorHandler
from services.identity.application.commands.confirm_email import ConfirmEmailHandler
from services.identity.application.commands.confirm_second_factor import ConfirmSecondFactorHandler
from services.identity.application.commands.create_customer import CreateCustomerHandler
from services.identity.application.commands.deactivate_staff import DeactivateStaffHandler
from services.identity.application.commands.decide_log_ins import DecideLogInsHandler
from services.identity.application.commands.disable_contact import DisableContactHandler
from services.identity.application.commands.disable_portal import DisablePortalHandler
from services.identity.application.commands.enable_contact import EnableContactHandler
from services.identity.application.commands.enable_portal import EnablePortalHandler
from services.identity.application.commands.end_other_sessions import EndOtherSessionsHandler
from services.identity.application.commands.end_session import EndSessionHandler
from services.identity.application.commands.enter_as_owner import EnterAsOwnerHandler
from services.identity.application.commands.erase_contact import EraseContactHandler
from services.identity.application.commands.invite_contacts import InviteContactsHandler
from services.identity.application.commands.invite_staff import InviteStaffHandler
from services.identity.application.commands.log_in import LogInHandler
from services.identity.application.commands.log_in_with_passkey import (
    LogInWithPasskeyHandler,
    ShowPasskeyToLogInHandler,
)
from services.identity.application.commands.log_out import LogOutHandler
from services.identity.application.commands.log_out_everywhere import LogOutEverywhereHandler
from services.identity.application.commands.reactivate_staff import ReactivateStaffHandler
from services.identity.application.commands.refresh_session import RefreshSessionHandler
from services.identity.application.commands.register_organisation import (
    RegisterAndEnterHandler,
    RegisterOrganisationHandler,
)
from services.identity.application.commands.remove_passkey import RemovePasskeyHandler
from services.identity.application.commands.remove_second_factor import RemoveSecondFactorHandler
from services.identity.application.commands.rename_passkey import RenamePasskeyHandler
from services.identity.application.commands.renew_recovery_codes import RenewRecoveryCodesHandler
from services.identity.application.commands.request_password_reset import RequestPasswordResetHandler
from services.identity.application.commands.resend_confirmation import ResendConfirmationHandler
from services.identity.application.commands.resend_invite import ResendInviteHandler
from services.identity.application.commands.reset_password import ResetPasswordHandler
from services.identity.application.commands.reset_second_factor import ResetSecondFactorHandler
from services.identity.application.commands.revoke_invite import RevokeInviteHandler
from services.identity.application.commands.set_up_second_factor import SetUpSecondFactorHandler
from services.identity.application.commands.step_up import StepUpHandler
from services.identity.application.commands.update_contact import UpdateContactHandler
from services.identity.application.commands.update_customer import UpdateCustomerHandler
from services.identity.application.commands.update_my_account import UpdateMyAccountHandler
from services.identity.application.commands.update_my_company import UpdateMyCompanyHandler
from services.identity.application.commands.update_organisation import UpdateOrganisationHandler
from services.identity.application.commands.update_portal_settings import UpdatePortalSettingsHandler
from services.identity.application.commands.update_staff import UpdateStaffHandler
from services.identity.application.ports import Ports
from services.identity.application.queries.preview_invite import PreviewInvite
from services.identity.application.queries.sessions_that_count import SessionsThatCount
from services.identity.application.queries.show_directory import ShowDirectory
from services.identity.application.queries.show_own_sessions import ShowOwnSessions
from services.identity.application.queries.show_personal_data import ShowPersonalData
from services.identity.application.queries.show_second_factor import ShowSecondFactor
from services.identity.application.queries.whose_link import WhoseLink
from services.identity.application.reactions.add_forwarded_contact import AddForwardedContact
from services.identity.application.reactions.send_mails import SendMails


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Everything that changes something."""

    register_organisation: RegisterOrganisationHandler
    register_and_enter: RegisterAndEnterHandler
    enter_as_owner: EnterAsOwnerHandler
    confirm_email: ConfirmEmailHandler
    resend_confirmation: ResendConfirmationHandler
    update_organisation: UpdateOrganisationHandler
    enable_portal: EnablePortalHandler
    update_portal_settings: UpdatePortalSettingsHandler
    disable_portal: DisablePortalHandler
    invite_staff: InviteStaffHandler
    update_staff: UpdateStaffHandler
    deactivate_staff: DeactivateStaffHandler
    reactivate_staff: ReactivateStaffHandler
    create_customer: CreateCustomerHandler
    update_customer: UpdateCustomerHandler
    update_my_company: UpdateMyCompanyHandler
    add_contact: AddContactHandler
    update_contact: UpdateContactHandler
    disable_contact: DisableContactHandler
    enable_contact: EnableContactHandler
    erase_contact: EraseContactHandler
    invite_contacts: InviteContactsHandler
    resend_invite: ResendInviteHandler
    revoke_invite: RevokeInviteHandler
    accept_invite: AcceptInviteHandler
    come_back: ComeBackHandler
    log_in: LogInHandler
    refresh_session: RefreshSessionHandler
    log_out: LogOutHandler
    log_out_everywhere: LogOutEverywhereHandler
    end_session: EndSessionHandler
    end_other_sessions: EndOtherSessionsHandler
    change_password: ChangePasswordHandler
    request_password_reset: RequestPasswordResetHandler
    reset_password: ResetPasswordHandler
    show_second_factor: ShowSecondFactorHandler
    complete_log_in: CompleteLogInHandler
    set_up_second_factor: SetUpSecondFactorHandler
    confirm_second_factor: ConfirmSecondFactorHandler
    renew_recovery_codes: RenewRecoveryCodesHandler
    remove_second_factor: RemoveSecondFactorHandler
    reset_second_factor: ResetSecondFactorHandler
    begin_passkey: BeginPasskeyHandler
    add_passkey: AddPasskeyHandler
    rename_passkey: RenamePasskeyHandler
    remove_passkey: RemovePasskeyHandler
    begin_passkey_log_in: BeginPasskeyLogInHandler
    begin_passkey_step_up: BeginPasskeyStepUpHandler
    show_passkey_to_log_in: ShowPasskeyToLogInHandler
    log_in_with_passkey: LogInWithPasskeyHandler
    step_up: StepUpHandler
    decide_log_ins: DecideLogInsHandler
    update_my_account: UpdateMyAccountHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """Everything that only looks. `now` is the time that answers are of."""

    directory: ShowDirectory
    own_sessions: ShowOwnSessions
    second_factor: ShowSecondFactor
    personal_data: ShowPersonalData
    preview_invite: PreviewInvite
    whose_link: WhoseLink
    sessions_that_count: SessionsThatCount
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """Everything that answers an event."""

    add_forwarded_contact: AddForwardedContact
    send_mails: SendMails


def commands_of(ports: Ports) -> Commands:
    """Return the commands over these ports."""
    return Commands(
        register_organisation=RegisterOrganisationHandler(ports),
        register_and_enter=RegisterAndEnterHandler(ports),
        enter_as_owner=EnterAsOwnerHandler(ports),
        confirm_email=ConfirmEmailHandler(ports),
        resend_confirmation=ResendConfirmationHandler(ports),
        update_organisation=UpdateOrganisationHandler(ports),
        enable_portal=EnablePortalHandler(ports),
        update_portal_settings=UpdatePortalSettingsHandler(ports),
        disable_portal=DisablePortalHandler(ports),
        invite_staff=InviteStaffHandler(ports),
        update_staff=UpdateStaffHandler(ports),
        deactivate_staff=DeactivateStaffHandler(ports),
        reactivate_staff=ReactivateStaffHandler(ports),
        create_customer=CreateCustomerHandler(ports),
        update_customer=UpdateCustomerHandler(ports),
        update_my_company=UpdateMyCompanyHandler(ports),
        add_contact=AddContactHandler(ports),
        update_contact=UpdateContactHandler(ports),
        disable_contact=DisableContactHandler(ports),
        enable_contact=EnableContactHandler(ports),
        erase_contact=EraseContactHandler(ports),
        invite_contacts=InviteContactsHandler(ports),
        resend_invite=ResendInviteHandler(ports),
        revoke_invite=RevokeInviteHandler(ports),
        accept_invite=AcceptInviteHandler(ports),
        come_back=ComeBackHandler(ports),
        log_in=LogInHandler(ports),
        refresh_session=RefreshSessionHandler(ports),
        log_out=LogOutHandler(ports),
        log_out_everywhere=LogOutEverywhereHandler(ports),
        end_session=EndSessionHandler(ports),
        end_other_sessions=EndOtherSessionsHandler(ports),
        change_password=ChangePasswordHandler(ports),
        request_password_reset=RequestPasswordResetHandler(ports),
        reset_password=ResetPasswordHandler(ports),
        show_second_factor=ShowSecondFactorHandler(ports),
        complete_log_in=CompleteLogInHandler(ports),
        set_up_second_factor=SetUpSecondFactorHandler(ports),
        confirm_second_factor=ConfirmSecondFactorHandler(ports),
        renew_recovery_codes=RenewRecoveryCodesHandler(ports),
        remove_second_factor=RemoveSecondFactorHandler(ports),
        reset_second_factor=ResetSecondFactorHandler(ports),
        begin_passkey=BeginPasskeyHandler(ports),
        add_passkey=AddPasskeyHandler(ports),
        rename_passkey=RenamePasskeyHandler(ports),
        remove_passkey=RemovePasskeyHandler(ports),
        begin_passkey_log_in=BeginPasskeyLogInHandler(ports),
        begin_passkey_step_up=BeginPasskeyStepUpHandler(ports),
        show_passkey_to_log_in=ShowPasskeyToLogInHandler(ports),
        log_in_with_passkey=LogInWithPasskeyHandler(ports),
        step_up=StepUpHandler(ports),
        decide_log_ins=DecideLogInsHandler(ports),
        update_my_account=UpdateMyAccountHandler(ports),
    )


def queries_of(ports: Ports) -> Queries:
    """Return the queries over these ports."""
    return Queries(
        directory=ShowDirectory(ports),
        own_sessions=ShowOwnSessions(ports),
        second_factor=ShowSecondFactor(ports),
        personal_data=ShowPersonalData(ports),
        preview_invite=PreviewInvite(ports),
        whose_link=WhoseLink(ports),
        sessions_that_count=SessionsThatCount(ports),
        now=ports.clock.now,
    )


def reactions_of(ports: Ports) -> Reactions:
    """Return the reactions over these ports."""
    return Reactions(add_forwarded_contact=AddForwardedContact(ports), send_mails=SendMails(ports))
