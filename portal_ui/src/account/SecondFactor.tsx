import { useState } from "react";
import { useAction, type Action } from "../graphql/action";
import { useText } from "../i18n/core";
import { useFormat } from "../i18n/format";
import { AppSecret } from "../session/AppSecret";
import { beyondProof } from "../session/ProofDialog";
import { RecoveryCodes } from "../session/RecoveryCodes";
import { Button, Dialog, Errors, Form, StatusBadge, TextField, toast } from "../ui";
import {
  BeginAppDocument,
  ConfirmAppDocument,
  RemoveSecondFactorDocument,
  RenewRecoveryCodesDocument,
  type FactorFragment,
} from "./gql/graphql";
import type { Guarded } from "./Security";
import { useAccountText } from "./text";

type Step = "app" | "renew" | "remove";

/** The codes of an app besides the password, and the recovery codes for its loss. */
export function SecondFactor({ factor, guarded, ask }: { factor: FactorFragment; guarded: Guarded; ask: () => void }) {
  const t = useAccountText();
  const format = useFormat();
  const [step, setStep] = useState<Step>();
  const [generator, setGenerator] = useState<{ secret: string; uri: string }>();
  const [codes, setCodes] = useState<readonly string[]>();
  const begin = useAction(BeginAppDocument, { keyless: true });
  const confirm = useAction(ConfirmAppDocument);
  const renew = useAction(RenewRecoveryCodesDocument);
  const remove = useAction(RemoveSecondFactorDocument);
  const mayBegin = !factor.hasApp && factor.demand !== "OFF";
  const start = (): void => {
    void guarded(async () => (await begin.run({}))?.generator ?? undefined, begin.latest, (begun) => {
      setGenerator(begun);
      setStep("app");
    });
  };
  const close = (): void => {
    setStep(undefined);
    setCodes(undefined);
    for (const action of [confirm, renew, remove]) action.reset();
  };
  const show = (made: readonly string[] | null | undefined): void => {
    ask();
    setStep(undefined);
    setCodes(made ?? undefined);
  };
  return (
    <section className="card form">
      <div>
        <div className="title-line">
          <h2>{t("secondFactor")}</h2>
          <StatusBadge look={factor.isOn ? "good" : "neutral"}>{t(factor.isOn ? "factorOn" : "factorOff")}</StatusBadge>
        </div>
        <p className="muted">{t(factor.isOn ? "factorOnText" : factor.demand === "OFF" ? "factorNotOffered" : "factorOffText")}</p>
        {factor.demand === "REQUIRED" && <p className="muted">{t("factorRequired")}</p>}
      </div>
      <Errors errors={beyondProof(begin.errors)} />
      {factor.isOn && (
        <dl className="plain-facts">
          {factor.since && (
            <div>
              <dt className="muted small">{t("factorSince")}</dt>
              <dd>{format.moment(factor.since)}</dd>
            </div>
          )}
          <div>
            <dt className="muted small">{t("recoveryCodes")}</dt>
            <dd>{t("codesLeft", { count: factor.recoveryCodesLeft })}</dd>
          </div>
        </dl>
      )}
      <div className="head-actions">
        {mayBegin && (
          <Button look={factor.isOn ? "quiet" : "primary"} busy={begin.busy} onPress={start}>
            {t("setUpApp")}
          </Button>
        )}
        {factor.isOn && <Button onPress={() => setStep("renew")}>{t("newCodes")}</Button>}
        {factor.isOn && factor.demand !== "REQUIRED" && (
          <Button look="danger" onPress={() => setStep("remove")}>
            {t("turnOff")}
          </Button>
        )}
      </div>
      {step === "app" && generator && (
        <CodeDialog
          title={t("setUpApp")}
          generator={generator}
          text={t("setUpAppText")}
          action={confirm}
          onClose={close}
          onCode={async (code) => {
            const answer = await confirm.run({ code });
            if (answer) show(answer.recoveryCodes);
          }}
        />
      )}
      {step === "renew" && (
        <CodeDialog
          title={t("newCodes")}
          text={t("newCodesText")}
          action={renew}
          onClose={close}
          onCode={async (code) => {
            const answer = await renew.run({ code });
            if (answer) show(answer.recoveryCodes);
          }}
        />
      )}
      {step === "remove" && (
        <CodeDialog
          isDangerous
          title={t("turnOff")}
          text={t("turnOffText")}
          action={remove}
          onClose={close}
          onCode={async (code) => {
            if (!(await remove.run({ code }))) return;
            ask();
            close();
            toast(t("turnedOff"));
          }}
        />
      )}
      <CodesDialog codes={codes} onClose={close} />
    </section>
  );
}

/** The recovery codes, once. */
export function CodesDialog({ codes, onClose }: { codes: readonly string[] | undefined; onClose: () => void }) {
  const core = useText();
  return (
    <Dialog title={core("recoveryTitle")} isOpen={!!codes} onClose={onClose}>
      {codes && <RecoveryCodes codes={codes} onDone={onClose} />}
    </Dialog>
  );
}

/** Asks for a code: of the app that is being set up, where there is a generator, or else of what was set up before. */
function CodeDialog<Data, Variables>({ title, text, generator, action, isDangerous = false, onCode, onClose }: {
  title: string;
  text: string;
  generator?: { secret: string; uri: string };
  action: Action<Data, Variables>;
  isDangerous?: boolean;
  onCode: (code: string) => Promise<void>;
  onClose: () => void;
}) {
  const core = useText();
  const [code, setCode] = useState("");
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <Form onSubmit={() => void onCode(code)} errors={action.errors} fields={["code"]}>
        <p className="muted">{text}</p>
        {generator && <AppSecret {...generator} />}
        <TextField label={core("code")} name="code" autoComplete="one-time-code" autoFocus isRequired value={code} onChange={setCode} />
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look={isDangerous ? "danger" : "primary"} busy={action.busy}>
            {core("confirm")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
