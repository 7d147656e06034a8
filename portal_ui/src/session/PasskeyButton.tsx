import { useState } from "react";
import { useAction, type Refusal } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Errors } from "../ui";
import { BeginPasskeyLogInDocument, LogInWithPasskeyDocument, type TokensFragment } from "./gql/graphql";
import { hasPasskeys, showPasskey } from "./passkeys";

/** Log in by a passkey: without a password, or after it with the `challenge`. Nothing where there can be none. */
export function PasskeyButton({ challenge, onDone }: { challenge?: string; onDone: (tokens: TokensFragment) => void }) {
  const t = useText();
  const begin = useAction(BeginPasskeyLogInDocument, { keyless: true });
  const enter = useAction(LogInWithPasskeyDocument);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  if (!hasPasskeys()) return null;
  const logIn = async (): Promise<void> => {
    setRefused([]);
    const begun = await begin.run(challenge ? { challenge } : {});
    if (!begun?.attempt) return;
    const shown = await showPasskey(begun.attempt);
    if ("code" in shown) return setRefused([shown]);
    const answer = await enter.run(shown);
    if (answer?.session) onDone(answer.session);
  };
  return (
    <div className="form">
      <Errors errors={[...refused, ...begin.errors, ...enter.errors]} />
      <Button icon="key" wide busy={begin.busy || enter.busy} onPress={() => void logIn()}>
        {t("passkeyLogIn")}
      </Button>
    </div>
  );
}
