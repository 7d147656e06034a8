"""The subgraph's schema."""

import strawberry

from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.wording import MUTATIONS
from services.identity.api.errors import DECLARED
from services.identity.api.mutations.account import AccountMutations, SessionMutations
from services.identity.api.mutations.clients import ContactMutations, CustomerMutations, InviteMutations
from services.identity.api.mutations.confirming import ConfirmingMutations
from services.identity.api.mutations.organisation import OrganisationMutations, StaffMutations
from services.identity.api.mutations.passkeys import PasskeyMutations
from services.identity.api.mutations.second_factor import SecondFactorMutations
from services.identity.api.personal import PersonalData
from services.identity.api.queries import Query
from services.identity.api.types import Contact, Customer, Organisation, StaffMember


@strawberry.type(description=MUTATIONS)
class Mutation(
    OrganisationMutations,
    StaffMutations,
    CustomerMutations,
    ContactMutations,
    InviteMutations,
    SessionMutations,
    AccountMutations,
    SecondFactorMutations,
    ConfirmingMutations,
    PasskeyMutations,
):
    """All mutations."""


_OPEN = (
    "registerOrganisation",
    "acceptInvite",
    "confirmEmail",
    "logIn",
    "refreshSession",
    "logOut",
    "requestPasswordReset",
    "resetPassword",
    "completeLogIn",
    "setUpSecondFactor",
    "confirmSecondFactor",
    "beginPasskey",
    "addPasskey",
    "beginPasskeyLogIn",
    "logInWithPasskey",
)

SCHEMA = SubgraphSchema(
    declared=DECLARED,
    query=Query,
    mutation=Mutation,
    types=[Organisation, StaffMember, Contact, Customer, PersonalData],
    open_mutations=_OPEN,
)
