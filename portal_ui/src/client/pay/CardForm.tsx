import { useEffect, useState } from "react";
import type { PortalConfig } from "../../config";
import { useAction } from "../../graphql/action";
import { Button, Errors, Notice } from "../../ui";
import { CreateCardSessionDocument } from "../gql/graphql";
import { useClientText } from "../text";

/**
 * The payment provider's own form, which gives us a token and nothing else.
 *
 * Where the operator named the form's origin it stands in the page and posts its token to us; elsewhere the browser goes
 * to the provider and comes back to `returnTo` with the token in the address.
 */
export function CardForm({ config, token, onToken, returnTo }: {
  config: PortalConfig;
  token: string;
  onToken: (token: string) => void;
  returnTo: string;
}) {
  const t = useClientText();
  const [url, setUrl] = useState("");
  const open = useAction(CreateCardSessionDocument, { keyless: true });
  const from = config.paymentForm && new URL(config.paymentForm).origin;

  useEffect(() => {
    const take = (event: MessageEvent<{ type?: string; token?: string }>): void => {
      if (event.origin !== from || event.data.type !== "card_token" || !event.data.token) return;
      onToken(event.data.token);
      setUrl("");
    };
    addEventListener("message", take);
    return () => removeEventListener("message", take);
  }, [from, onToken]);

  const show = async (): Promise<void> => {
    const answer = await open.run(from ? { origin: location.origin } : { returnUrl: returnTo });
    if (!answer?.url) return;
    if (from) setUrl(answer.url);
    else location.assign(answer.url);
  };
  if (token) return <Notice look="good">{t("cardReady")}</Notice>;
  return (
    <div className="card-form">
      <p className="muted small">{t("cardFormText")}</p>
      <Errors errors={open.errors} />
      {url ? (
        <iframe className="card-frame" src={url} title={t("cardForm")} sandbox="allow-forms allow-scripts allow-same-origin" />
      ) : (
        <Button look="primary" wide icon="card" busy={open.busy} onPress={() => void show()}>
          {t("openCardForm")}
        </Button>
      )}
    </div>
  );
}
