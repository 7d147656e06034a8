import { useEffect, useState } from "react";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Errors, Form, Skeleton, TextField } from "../ui";
import { AppSecret } from "./AppSecret";
import { ConfirmSecondFactorDocument, SetUpSecondFactorDocument, type TokensFragment } from "./gql/graphql";
import { RecoveryCodes } from "./RecoveryCodes";

/** Set up an authenticator app where the organisation demands one; shows the recovery codes once. */
export function SetUpSecondFactor({ challenge, onDone, onBack }: {
  challenge: string;
  onDone: (tokens: TokensFragment) => void;
  onBack: () => void;
}) {
  const t = useText();
  const [code, setCode] = useState("");
  const [generator, setGenerator] = useState<{ secret: string; uri: string }>();
  const [result, setResult] = useState<{ tokens: TokensFragment; codes: readonly string[] }>();
  const begin = useAction(SetUpSecondFactorDocument, { keyless: true });
  const confirm = useAction(ConfirmSecondFactorDocument);
  useEffect(() => {
    void begin.run({ challenge }).then((answer) => answer?.generator && setGenerator(answer.generator));
    // Asked once for each challenge; asking again shows the same secret.
  }, [challenge]);

  if (result) {
    return (
      <div className="card">
        <h2>{t("recoveryTitle")}</h2>
        <RecoveryCodes codes={result.codes} onDone={() => onDone(result.tokens)} />
      </div>
    );
  }

  const submit = async (): Promise<void> => {
    const answer = await confirm.run({ challenge, code });
    if (answer?.session) setResult({ tokens: answer.session, codes: answer.recoveryCodes ?? [] });
  };
  return (
    <div className="card">
      <h2>{t("setUpTitle")}</h2>
      <p className="muted">{t("setUpText")}</p>
      <Errors errors={begin.errors} />
      {!generator && begin.busy && <Skeleton lines={2} />}
      {generator && (
        <>
          <AppSecret {...generator} />
          <Form onSubmit={() => void submit()} errors={confirm.errors} fields={["code"]}>
            <TextField label={t("code")} name="code" autoComplete="one-time-code" isRequired value={code} onChange={setCode} />
            <Button type="submit" look="primary" wide busy={confirm.busy}>
              {t("confirm")}
            </Button>
          </Form>
        </>
      )}
      <Button look="plain" onPress={onBack}>
        {t("otherAccount")}
      </Button>
    </div>
  );
}
