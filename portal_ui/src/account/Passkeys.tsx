import { useState } from "react";
import { useAction, type Refusal } from "../graphql/action";
import { useText } from "../i18n/core";
import { useFormat } from "../i18n/format";
import { hasPasskeys, makePasskey, type Attempt } from "../session/passkeys";
import { beyondProof } from "../session/ProofDialog";
import { Button, Dialog, Errors, Form, Icon, TextField, toast } from "../ui";
import { AddPasskeyDocument, BeginPasskeyDocument, RemovePasskeyDocument, RenamePasskeyDocument, type FactorFragment, type PasskeyRowFragment } from "./gql/graphql";
import { CodesDialog } from "./SecondFactor";
import type { Guarded } from "./Security";
import { useAccountText } from "./text";

interface Props {
  factor: FactorFragment;
  guarded: Guarded;
  ask: () => void;
}

/** The passkeys: in without a password, and a second factor besides it. */
export function Passkeys({ factor, guarded, ask }: Props) {
  const t = useAccountText();
  const format = useFormat();
  const [isNaming, setNaming] = useState(false);
  const [renamed, setRenamed] = useState<PasskeyRowFragment>();
  const [codes, setCodes] = useState<readonly string[]>();
  const remove = useAction(RemovePasskeyDocument);
  const isOffered = factor.demand !== "OFF" || factor.isOn;
  const takeOut = (row: PasskeyRowFragment): void => {
    void guarded(() => remove.run({ id: row.id }), remove.latest, () => {
      ask();
      toast(t("passkeyRemoved"));
    });
  };
  return (
    <section className="card form">
      <div>
        <h2>{t("passkeys")}</h2>
        <p className="muted">{t(hasPasskeys() ? "passkeysText" : "passkeysNotHere")}</p>
      </div>
      <Errors errors={beyondProof(remove.errors)} />
      {factor.passkeys.length > 0 && (
        <ul className="things">
          {factor.passkeys.map((row) => (
            <li key={row.id}>
              <Icon name="key" />
              <span className="thing-main">
                <bdi>{row.name}</bdi>
                <span className="muted small">
                  {t("passkeyAdded", { moment: format.moment(row.addedAt) })} ·{" "}
                  {row.lastUsedAt ? t("lastUsed", { moment: format.moment(row.lastUsedAt) }) : t("neverUsed")}
                  {row.isSynced && ` · ${t("passkeySynced")}`}
                </span>
              </span>
              <span className="head-actions">
                <Button look="plain" onPress={() => setRenamed(row)} aria-label={`${t("rename")}: ${row.name}`}>
                  {t("rename")}
                </Button>
                <Button look="plain" busy={remove.busy} onPress={() => takeOut(row)} aria-label={`${t("removePasskey")}: ${row.name}`}>
                  {t("removePasskey")}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {isOffered && hasPasskeys() && (
        <div>
          <Button icon="plus" onPress={() => setNaming(true)}>
            {t("addPasskey")}
          </Button>
        </div>
      )}
      {isNaming && (
        <AddPasskey
          guarded={guarded}
          onClose={() => setNaming(false)}
          onDone={(made) => {
            setNaming(false);
            setCodes(made);
            ask();
            toast(t("passkeyMade"));
          }}
        />
      )}
      {renamed && <RenamePasskey row={renamed} onClose={() => setRenamed(undefined)} onDone={ask} />}
      <CodesDialog codes={codes} onClose={() => setCodes(undefined)} />
    </section>
  );
}

/** Name the passkey, then have the browser make it; `onDone` gets the recovery codes that came with the first one. */
function AddPasskey({ guarded, onClose, onDone }: {
  guarded: Guarded;
  onClose: () => void;
  onDone: (codes: readonly string[] | undefined) => void;
}) {
  const core = useText();
  const t = useAccountText();
  const [name, setName] = useState("");
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const begin = useAction(BeginPasskeyDocument, { keyless: true });
  const add = useAction(AddPasskeyDocument);
  const make = async (attempt: Attempt): Promise<void> => {
    const made = await makePasskey(attempt);
    if ("code" in made) return setRefused([made]);
    const answer = await add.run({ ...made, name });
    if (answer) onDone(answer.recoveryCodes ?? undefined);
  };
  const submit = (): void => {
    setRefused([]);
    void guarded(async () => (await begin.run({}))?.attempt ?? undefined, begin.latest, (attempt) => void make(attempt));
  };
  return (
    <Dialog title={t("addPasskey")} isOpen onClose={onClose}>
      <Form onSubmit={submit} errors={[...refused, ...beyondProof(begin.errors, add.errors)]} fields={["name"]} fieldOf={NAME_ERRORS}>
        <p className="muted">{t("addPasskeyText")}</p>
        <TextField label={t("passkeyName")} hint={t("passkeyNameHint")} name="name" isRequired autoFocus value={name} onChange={setName} />
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look="primary" busy={begin.busy || add.busy}>
            {t("makePasskey")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function RenamePasskey({ row, onClose, onDone }: { row: PasskeyRowFragment; onClose: () => void; onDone: () => void }) {
  const core = useText();
  const t = useAccountText();
  const [name, setName] = useState(row.name);
  const rename = useAction(RenamePasskeyDocument);
  const submit = async (): Promise<void> => {
    if (!(await rename.run({ id: row.id, name }))) return;
    onDone();
    onClose();
    toast(core("saved"));
  };
  return (
    <Dialog title={t("rename")} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={rename.errors} fields={["name"]} fieldOf={NAME_ERRORS}>
        <TextField label={t("passkeyName")} name="name" isRequired autoFocus value={name} onChange={setName} />
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look="primary" busy={rename.busy}>
            {core("save")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

const NAME_ERRORS = { TEXT_REQUIRED: "name", TEXT_TOO_LONG: "name", CONTROL_CHARACTERS: "name", LOOKS_LIKE_CARD_NUMBER: "name" };
