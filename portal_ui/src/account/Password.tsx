import { useState } from "react";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { NEW_PASSWORD_ERRORS } from "../session/passwords";
import { Button, Form, TextField, toast } from "../ui";
import { ChangePasswordDocument } from "./gql/graphql";
import { useAccountText } from "./text";

export function Password() {
  const core = useText();
  const t = useAccountText();
  const [values, setValues] = useState({ currentPassword: "", newPassword: "" });
  const change = useAction(ChangePasswordDocument);
  const submit = async (): Promise<void> => {
    if (!(await change.run(values))) return;
    setValues({ currentPassword: "", newPassword: "" });
    toast(t("passwordChanged"));
  };
  return (
    <section className="card">
      <Form onSubmit={() => void submit()} errors={change.errors} fields={["currentPassword", "newPassword"]} fieldOf={NEW_PASSWORD_ERRORS}>
        <p className="muted">{t("passwordText")}</p>
        <TextField
          label={t("currentPassword")}
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          isRequired
          value={values.currentPassword}
          onChange={(currentPassword) => setValues({ ...values, currentPassword })}
        />
        <TextField
          label={core("newPassword")}
          hint={core("passwordRule")}
          name="newPassword"
          type="password"
          autoComplete="new-password"
          isRequired
          value={values.newPassword}
          onChange={(newPassword) => setValues({ ...values, newPassword })}
        />
        <div>
          <Button type="submit" look="primary" busy={change.busy}>
            {core("changePassword")}
          </Button>
        </div>
      </Form>
    </section>
  );
}
