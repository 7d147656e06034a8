import { useState } from "react";
import { Link } from "react-router";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Form, Notice, TextField } from "../ui";
import { CompleteLogInDocument, LogInDocument, type TokensFragment } from "./gql/graphql";
import { PasskeyButton } from "./PasskeyButton";
import { SetUpSecondFactor } from "./SetUpSecondFactor";

export interface Challenge {
  readonly token: string;
  readonly mustSetUp: boolean;
}

/** Where somebody logs in: a portal by its slug, or an organisation's staff. */
export type Where = { readonly portal: string } | { readonly organisationId?: string };

/** Log in by password, with a second factor where one is asked for. `onDone` gets the tokens. */
export function LogIn({ where, forgotten, notice, onDone }: {
  where: Where;
  /** The page for who forgot the password. */
  forgotten: string;
  notice?: string | undefined;
  onDone: (tokens: TokensFragment) => void;
}) {
  const t = useText();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [challenge, setChallenge] = useState<Challenge | undefined>();
  const logIn = useAction(LogInDocument, { keyless: true });

  if (challenge) return <SecondStep challenge={challenge} onDone={onDone} onBack={() => setChallenge(undefined)} />;

  const submit = async (): Promise<void> => {
    const answer = await logIn.run({ ...where, email, password });
    if (answer?.session) onDone(answer.session);
    else if (answer?.challenge) setChallenge(answer.challenge);
  };
  return (
    <div className="card">
      {notice && <Notice>{notice}</Notice>}
      <Form onSubmit={() => void submit()} errors={logIn.errors} fields={["email", "password"]}>
        <TextField label={t("email")} name="email" type="email" autoComplete="username" isRequired value={email} onChange={setEmail} />
        <TextField
          label={t("password")}
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" look="primary" wide busy={logIn.busy}>
          {t("logIn")}
        </Button>
      </Form>
      <PasskeyButton onDone={onDone} />
      <p className="center">
        <Link to={forgotten}>{t("forgotten")}</Link>
      </p>
    </div>
  );
}

/** What comes after the password: a code, or setting up where codes come from. */
export function SecondStep({ challenge, onDone, onBack }: {
  challenge: Challenge;
  onDone: (tokens: TokensFragment) => void;
  onBack: () => void;
}) {
  return challenge.mustSetUp ? (
    <SetUpSecondFactor challenge={challenge.token} onDone={onDone} onBack={onBack} />
  ) : (
    <EnterCode challenge={challenge.token} onDone={onDone} onBack={onBack} />
  );
}

function EnterCode({ challenge, onDone, onBack }: { challenge: string; onDone: (tokens: TokensFragment) => void; onBack: () => void }) {
  const t = useText();
  const [code, setCode] = useState("");
  const complete = useAction(CompleteLogInDocument);
  const submit = async (): Promise<void> => {
    const answer = await complete.run({ challenge, code });
    if (answer?.session) onDone(answer.session);
  };
  return (
    <div className="card">
      <h2>{t("secondStep")}</h2>
      <PasskeyButton challenge={challenge} onDone={onDone} />
      <p className="muted">{t("secondStepText")}</p>
      <Form onSubmit={() => void submit()} errors={complete.errors} fields={["code"]}>
        <TextField label={t("code")} name="code" autoComplete="one-time-code" autoFocus isRequired value={code} onChange={setCode} />
        <Button type="submit" look="primary" wide busy={complete.busy}>
          {t("confirm")}
        </Button>
        <Button look="plain" onPress={onBack}>
          {t("otherAccount")}
        </Button>
      </Form>
    </div>
  );
}
