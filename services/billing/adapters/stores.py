"""What billing keeps in its database: the repositories, the indexes, and what an upgrade has to look after."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.cloudevents import PublishedLanguage
from chassis.graphql import idempotency
from chassis.mongo import ended_sessions, erased, set_aside
from chassis.mongo.client import Collection, Database
from chassis.mongo.projections import Projection
from chassis.mongo.repository import MongoRepository
from chassis.mongo.upkeep import Storage
from services.billing.adapters import (
    mongo_directory,
    mongo_estimates,
    mongo_invoices,
    mongo_numbers,
    mongo_payments,
    mongo_reminder_policies,
    mongo_saved_cards,
)
from services.billing.adapters.mongo_estimates import MongoEstimates
from services.billing.adapters.mongo_invoices import MongoInvoices
from services.billing.adapters.mongo_payments import MongoPayments
from services.billing.adapters.mongo_reminder_policies import MongoReminderPolicies
from services.billing.adapters.mongo_saved_cards import MongoSavedCards
from services.billing.application.directory import ContactProfile, CustomerProfile, OrganisationProfile, PortalProfile

INDEXES = (
    *mongo_estimates.INDEXES,
    *mongo_invoices.INDEXES,
    *mongo_numbers.INDEXES,
    *mongo_payments.INDEXES,
    *mongo_reminder_policies.INDEXES,
    *mongo_saved_cards.INDEXES,
    *idempotency.INDEXES,
    *ended_sessions.INDEXES,
    *set_aside.INDEXES,
    *erased.INDEXES,
)


@dataclass(frozen=True, slots=True)
class Stores:
    """The repositories of billing's aggregates."""

    estimates: MongoEstimates
    invoices: MongoInvoices
    payments: MongoPayments
    cards: MongoSavedCards
    policies: MongoReminderPolicies

    @classmethod
    def over(cls, database: Database, language: PublishedLanguage, signal: Callable[[], None]) -> "Stores":
        """Return them over a database; `signal` wakes the relay."""
        return cls(
            MongoEstimates(database, language, signal),
            MongoInvoices(database, language, signal),
            MongoPayments(database, language, signal),
            MongoSavedCards(database, language, signal),
            MongoReminderPolicies(database, language, signal),
        )

    @property
    def by_prefix(self) -> Mapping[str, Collection]:
        """Where the documents are, by the prefix of their ids."""
        kept: dict[str, MongoRepository[Any]] = {"est": self.estimates, "inv": self.invoices, "pay": self.payments}
        kept |= {"crd": self.cards, "rmp": self.policies}
        return {prefix: repository.collection for prefix, repository in kept.items()}


def storage(database: Database, language: PublishedLanguage) -> Storage:
    """Return what this version wants the service's database to be like."""
    told = {
        mongo_directory.ORGANISATIONS: OrganisationProfile,
        mongo_directory.PORTALS: PortalProfile,
        mongo_directory.CUSTOMERS: CustomerProfile,
        mongo_directory.CONTACTS: ContactProfile,
    }
    stores = Stores.over(database, language, lambda: None)
    projections = [Projection(database[name], kind) for name, kind in told.items()]
    aggregates = (stores.estimates, stores.invoices, stores.payments, stores.cards, stores.policies)
    return Storage("billing", database, INDEXES, [*aggregates, *projections], stores.invoices.owed.start_anew)
