import { useState } from "react";
import { useSearchParams } from "react-router";
import { useQuery } from "urql";
import type { PortalConfig } from "../../config";
import { useAction } from "../../graphql/action";
import { useText } from "../../i18n/core";
import { beyondProof, useProof } from "../../session/ProofDialog";
import { Button, Dialog, EmptyState, Errors, FailedState, Icon, Skeleton, toast } from "../../ui";
import { AddCardDocument, CardsPageDocument, DefaultCardDocument, RemoveCardDocument, type CardRowFragment } from "../gql/graphql";
import { brandName, twoDigits } from "../pay/CardChoice";
import { CardForm } from "../pay/CardForm";
import { usePlace } from "../shell";
import { useClientText } from "../text";

/** The saved cards: the provider keeps them, the portal knows their last four digits. */
export function Cards({ config }: { config: PortalConfig }) {
  const core = useText();
  const t = useClientText();
  const { to } = usePlace();
  const [query, setQuery] = useSearchParams();
  const [{ data, error }, asking] = useQuery({ query: CardsPageDocument, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const [isAdding, setAdding] = useState(false);
  const [token, setToken] = useState(query.get("card_token") ?? "");
  const [removing, setRemoving] = useState<CardRowFragment | undefined>();
  const add = useAction(AddCardDocument);
  const remove = useAction(RemoveCardDocument);
  const choose = useAction(DefaultCardDocument);
  const proof = useProof(data?.mySecondFactor);
  const cards = data?.savedCards;
  if (!cards) return error ? <FailedState onRetry={ask} /> : <Skeleton />;

  const save = (cardToken: string): void => {
    setToken(cardToken);
    void proof.guarded(() => add.run({ cardToken, makeDefault: cards.length === 0 }), add.latest, () => {
      setAdding(false);
      setToken("");
      ask();
      if (query.has("card_token")) setQuery({}, { replace: true });
      toast(t("cardAdded"));
    });
  };
  const takeOut = (card: CardRowFragment): void => {
    void proof.guarded(() => remove.run({ savedCardId: card.id }), remove.latest, () => {
      setRemoving(undefined);
      ask();
      toast(t("cardRemoved"));
    });
  };
  const label = (card: CardRowFragment): string => t("cardEnding", { brand: brandName(card.brand), lastFour: card.lastFour });
  return (
    <section className="card form">
      {cards.length === 0 && !isAdding && !token && (
        <EmptyState icon="card" title={t("noCards")}>
          <p>{t("noCardsText")}</p>
        </EmptyState>
      )}
      <ul className="cards">
        {cards.map((card) => (
          <li key={card.id}>
            <Icon name="card" />
            <span className="choice-main">
              {label(card)}
              <span className="muted small">{t("expires", { month: twoDigits(card.expMonth), year: String(card.expYear) })}</span>
            </span>
            {card.isDefault ? (
              <span className="badge good">{t("defaultCard")}</span>
            ) : (
              <Button
                look="plain"
                busy={choose.busy}
                onPress={() => void proof.guarded(() => choose.run({ savedCardId: card.id }), choose.latest, ask)}
              >
                {t("makeDefault")}
              </Button>
            )}
            <Button look="plain" onPress={() => setRemoving(card)} aria-label={`${t("remove")}: ${label(card)}`}>
              {t("remove")}
            </Button>
          </li>
        ))}
      </ul>
      <Errors errors={beyondProof(add.errors, choose.errors)} />
      {isAdding || token ? (
        <>
          <CardForm config={config} token={token} onToken={save} returnTo={`${location.origin}${to("/account/cards")}`} />
          <div className="dialog-actions">
            <Button
              onPress={() => {
                setAdding(false);
                setToken("");
              }}
            >
              {core("cancel")}
            </Button>
            {token && (
              <Button look="primary" busy={add.busy} onPress={() => save(token)}>
                {core("save")}
              </Button>
            )}
          </div>
        </>
      ) : (
        <div>
          <Button icon="plus" onPress={() => setAdding(true)}>
            {t("addCard")}
          </Button>
        </div>
      )}
      <Dialog title={t("removeCardTitle")} isOpen={!!removing} onClose={() => setRemoving(undefined)}>
        {removing && (
          <div className="form">
            <Errors errors={beyondProof(remove.errors)} />
            <p>{t("removeCardText", { card: label(removing) })}</p>
            <div className="dialog-actions">
              <Button onPress={() => setRemoving(undefined)}>{core("cancel")}</Button>
              <Button look="danger" busy={remove.busy} onPress={() => takeOut(removing)}>
                {t("remove")}
              </Button>
            </div>
          </div>
        )}
      </Dialog>
      {proof.dialog}
    </section>
  );
}
