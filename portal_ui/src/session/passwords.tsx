import { useState } from "react";
import { Link } from "react-router";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Form, Notice, TextField } from "../ui";
import { RequestPasswordResetDocument, ResetPasswordDocument } from "./gql/graphql";
import type { Where } from "./LogIn";

/** Ask for a link to choose another password. The answer is the same whether or not the address is known. */
export function ForgottenPassword({ where, logInPage }: { where: Where; logInPage: string }) {
  const t = useText();
  const [email, setEmail] = useState("");
  const [sentTo, setSentTo] = useState("");
  const request = useAction(RequestPasswordResetDocument);
  const submit = async (): Promise<void> => {
    if (await request.run({ ...where, email })) setSentTo(email);
  };
  return (
    <div className="card">
      {sentTo ? (
        <Notice look="good" isUrgent>
          <h2>{t("linkSentTitle")}</h2>
          <p>{t("linkSentText", { email: sentTo })}</p>
        </Notice>
      ) : (
        <>
          <p className="muted">{t("resetText")}</p>
          <Form onSubmit={() => void submit()} errors={request.errors} fields={["email"]}>
            <TextField label={t("email")} name="email" type="email" autoComplete="username" isRequired value={email} onChange={setEmail} />
            <Button type="submit" look="primary" wide busy={request.busy}>
              {t("sendLink")}
            </Button>
          </Form>
        </>
      )}
      <p className="center">
        <Link to={logInPage}>{t("toLogIn")}</Link>
      </p>
    </div>
  );
}

/** Choose another password by the token of a link. */
export function ResetPassword({ token, onDone }: { token: string; onDone: () => void }) {
  const t = useText();
  const [password, setPassword] = useState("");
  const reset = useAction(ResetPasswordDocument);
  const submit = async (): Promise<void> => {
    if (await reset.run({ token, newPassword: password })) onDone();
  };
  return (
    <div className="card">
      <Form onSubmit={() => void submit()} errors={reset.errors} fields={["newPassword"]} fieldOf={NEW_PASSWORD_ERRORS}>
        <TextField
          label={t("newPassword")}
          hint={t("passwordRule")}
          name="newPassword"
          type="password"
          autoComplete="new-password"
          isRequired
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" look="primary" wide busy={reset.busy}>
          {t("changePassword")}
        </Button>
      </Form>
    </div>
  );
}

export const NEW_PASSWORD_ERRORS = {
  PASSWORD_TOO_SHORT: "newPassword",
  PASSWORD_TOO_LONG: "newPassword",
  PASSWORD_TOO_COMMON: "newPassword",
  WRONG_PASSWORD: "currentPassword",
} as const;
