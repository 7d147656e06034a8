"""The business itself (`organisation.py`) and its client portal (`portal.py`)."""

from services.identity.domain.organisation.log_in_policy import Demand, LogInPolicy
from services.identity.domain.organisation.organisation import (
    Organisation,
    OrganisationChanges,
    OrganisationDetails,
)
from services.identity.domain.organisation.portal import (
    DocumentType,
    Logo,
    PortalChanges,
    PortalSettings,
    StaffNotice,
)

__all__ = [
    "Demand",
    "DocumentType",
    "LogInPolicy",
    "Logo",
    "Organisation",
    "OrganisationChanges",
    "OrganisationDetails",
    "PortalChanges",
    "PortalSettings",
    "StaffNotice",
]
