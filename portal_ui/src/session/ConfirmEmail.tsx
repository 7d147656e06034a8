import { useState } from "react";
import { Link } from "react-router";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Form, Notice, TextField } from "../ui";
import { ConfirmEmailDocument } from "./gql/graphql";

/** Confirm the address of a registration by the token of a link; who is not logged in shows the password of it. */
export function ConfirmEmail({ token, isIn, logInPage, onDone }: { token: string; isIn: boolean; logInPage: string; onDone: () => void }) {
  const t = useText();
  const [currentPassword, setPassword] = useState("");
  const confirm = useAction(ConfirmEmailDocument, { keyless: true });
  const submit = async (): Promise<void> => {
    if (await confirm.run(isIn ? { token } : { token, currentPassword })) onDone();
  };
  return (
    <div className="card">
      {token ? (
        <Form onSubmit={() => void submit()} errors={confirm.errors} fields={["currentPassword"]} fieldOf={{ WRONG_PASSWORD: "currentPassword" }}>
          <p className="muted">{t(isIn ? "confirmEmailText" : "confirmEmailPasswordText")}</p>
          {!isIn && (
            <TextField
              label={t("password")}
              name="currentPassword"
              type="password"
              autoComplete="current-password"
              isRequired
              value={currentPassword}
              onChange={setPassword}
            />
          )}
          <Button type="submit" look="primary" wide busy={confirm.busy}>
            {t("confirm")}
          </Button>
        </Form>
      ) : (
        <Notice look="warn">
          <p>{t("linkIncomplete")}</p>
        </Notice>
      )}
      <p className="center">
        <Link to={logInPage}>{t(isIn ? "goHome" : "toLogIn")}</Link>
      </p>
    </div>
  );
}
