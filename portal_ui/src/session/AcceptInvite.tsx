import { useState } from "react";
import { Link } from "react-router";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, FailedState, Form, Notice, Skeleton, TextField } from "../ui";
import { AcceptInviteDocument, PreviewInviteDocument, type TokensFragment } from "./gql/graphql";
import { SecondStep, type Challenge } from "./LogIn";

/** Accept an invite by the token of its link. Opening the page only looks at it: links of mails are opened by scanners, too. */
export function AcceptInvite({ token, logInPage, onDone }: { token: string; logInPage: string; onDone: (tokens: TokensFragment) => void }) {
  const t = useText();
  const [password, setPassword] = useState("");
  const [challenge, setChallenge] = useState<Challenge>();
  const [{ data, error, fetching }, ask] = useQuery({ query: PreviewInviteDocument, variables: { token }, pause: !token });
  const accept = useAction(AcceptInviteDocument);
  if (challenge) return <SecondStep challenge={challenge} onDone={onDone} onBack={() => setChallenge(undefined)} />;
  if (fetching) return <Skeleton />;
  if (error) return <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />;

  const invite = data?.previewInvite;
  if (invite?.state === "EXPIRED") {
    return <Over title={t("inviteExpired")} text={t("inviteExpiredText", { organisation: invite.organisationName ?? "" })} to={logInPage} />;
  }
  if (invite?.state !== "OPEN") return <Over title={t("inviteGone")} text={t("inviteGoneText")} to={logInPage} />;

  const submit = async (): Promise<void> => {
    const answer = await accept.run({ token, password });
    if (answer?.session) onDone(answer.session);
    else if (answer?.challenge) setChallenge(answer.challenge);
  };
  return (
    <div className="card">
      <p>{t("inviteText", { organisation: invite.organisationName ?? "", email: invite.email ?? "" })}</p>
      <Form onSubmit={() => void submit()} errors={accept.errors} fields={["password"]} fieldOf={PASSWORD_ERRORS}>
        <input type="hidden" autoComplete="username" value={invite.email ?? ""} readOnly />
        <TextField
          label={t("newPassword")}
          hint={t("passwordRule")}
          name="password"
          type="password"
          autoComplete="new-password"
          isRequired
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" look="primary" wide busy={accept.busy}>
          {t("acceptInvite")}
        </Button>
      </Form>
    </div>
  );
}

/** Refusals of a password, which name no field where another service found them. */
export const PASSWORD_ERRORS = {
  PASSWORD_TOO_SHORT: "password",
  PASSWORD_TOO_LONG: "password",
  PASSWORD_TOO_COMMON: "password",
} as const;

function Over({ title, text, to }: { title: string; text: string; to: string }) {
  const t = useText();
  return (
    <div className="card">
      <Notice look="warn">
        <h2>{title}</h2>
        <p>{text}</p>
      </Notice>
      <Link to={to}>{t("toLogIn")}</Link>
    </div>
  );
}
