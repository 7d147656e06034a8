import { useState } from "react";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Dialog, Form, TextField } from "../ui";
import { StepUpDocument } from "./gql/graphql";
import { session } from "./session";

/** Ask for the password, or a code, where the portal wants to know again who it is (`PROOF_NEEDED`). */
export function ProofDialog({ byCode, isOpen, onClose, onProven }: {
  byCode: boolean;
  isOpen: boolean;
  onClose: () => void;
  onProven: () => void;
}) {
  const t = useText();
  const [secret, setSecret] = useState("");
  const stepUp = useAction(StepUpDocument, { keyless: true });
  const submit = async (): Promise<void> => {
    const answer = await stepUp.run(byCode ? { code: secret } : { currentPassword: secret });
    if (!answer?.session) return;
    session.enter(answer.session);
    setSecret("");
    onProven();
  };
  return (
    <Dialog title={t("proofTitle")} isOpen={isOpen} onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={stepUp.errors} fields={["secret"]} fieldOf={ERRORS}>
        <p className="muted">{t(byCode ? "proofCodeText" : "proofText")}</p>
        <TextField
          label={t(byCode ? "code" : "password")}
          name="secret"
          type={byCode ? "text" : "password"}
          autoComplete={byCode ? "one-time-code" : "current-password"}
          autoFocus
          isRequired
          value={secret}
          onChange={setSecret}
        />
        <div className="dialog-actions">
          <Button onPress={onClose}>{t("cancel")}</Button>
          <Button type="submit" look="primary" busy={stepUp.busy}>
            {t("confirm")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

const ERRORS = { WRONG_PASSWORD: "secret", CODE_REFUSED: "secret" };
