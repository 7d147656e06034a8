import { useState, type ReactNode } from "react";
import { useAction, type Refusal } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Dialog, Form, TextField } from "../ui";
import { BeginPasskeyStepUpDocument, StepUpDocument } from "./gql/graphql";
import { hasPasskeys, showPasskey } from "./passkeys";
import { session } from "./session";

/** What is known of one's own second factor where proofs are asked for. */
export interface ProofBy {
  readonly isOn: boolean;
  readonly passkeys?: readonly unknown[];
}

interface Proof {
  /** Do what may need a proof of who one is (`PROOF_NEEDED`); once it was given, do it again, with the same key. */
  guarded: <Result>(attempt: () => Promise<Result | undefined>, errors: () => readonly Refusal[], done: (result: Result) => void) => Promise<void>;
  /** What asks; it belongs somewhere on the page. */
  dialog: ReactNode;
}

/** Ask who it is where the portal wants to know again, and go on from there. */
export function useProof(by: ProofBy | null | undefined): Proof {
  const [again, setAgain] = useState<(() => void) | undefined>();
  const guarded: Proof["guarded"] = async (attempt, errors, done) => {
    const result = await attempt();
    if (result) done(result);
    else if (isUnproven(errors())) setAgain(() => () => void guarded(attempt, errors, done));
  };
  const dialog = again && (
    <ProofDialog
      by={by ?? { isOn: false }}
      onClose={() => setAgain(undefined)}
      onProven={() => {
        setAgain(undefined);
        again();
      }}
    />
  );
  return { guarded, dialog };
}

/** Return the refusals that are to be shown: that a proof is needed is said by asking for it. */
export const beyondProof = (...errors: (readonly Refusal[])[]): Refusal[] => errors.flat().filter((one) => one.code !== "PROOF_NEEDED");

const isUnproven = (errors: readonly Refusal[]): boolean => errors.some((one) => one.code === "PROOF_NEEDED");

function ProofDialog({ by, onClose, onProven }: { by: ProofBy; onClose: () => void; onProven: () => void }) {
  const t = useText();
  const [secret, setSecret] = useState("");
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const stepUp = useAction(StepUpDocument, { keyless: true });
  const begin = useAction(BeginPasskeyStepUpDocument, { keyless: true });
  const prove = async (input: Parameters<typeof stepUp.run>[0]): Promise<void> => {
    setRefused([]);
    const answer = await stepUp.run(input);
    if (!answer?.session) return;
    session.enter(answer.session);
    onProven();
  };
  const byPasskey = async (): Promise<void> => {
    const begun = await begin.run({});
    if (!begun?.attempt) return;
    const shown = await showPasskey(begun.attempt);
    if ("code" in shown) setRefused([shown]);
    else await prove({ passkey: shown });
  };
  return (
    <Dialog title={t("proofTitle")} isOpen onClose={onClose}>
      <Form
        onSubmit={() => void prove(by.isOn ? { code: secret } : { currentPassword: secret })}
        errors={[...refused, ...begin.errors, ...stepUp.errors]}
        fields={["secret"]}
        fieldOf={ERRORS}
      >
        <p className="muted">{t(by.isOn ? "proofCodeText" : "proofText")}</p>
        {!!by.passkeys?.length && hasPasskeys() && (
          <Button icon="key" wide busy={begin.busy} onPress={() => void byPasskey()}>
            {t("passkeyUse")}
          </Button>
        )}
        <TextField
          label={t(by.isOn ? "code" : "password")}
          name="secret"
          type={by.isOn ? "text" : "password"}
          autoComplete={by.isOn ? "one-time-code" : "current-password"}
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
