import { useState } from "react";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { beyondProof, useProof } from "../session/ProofDialog";
import { Button, Dialog, Errors, Form, TextField, toast } from "../ui";
import { OwnFactorDocument, ResetSecondFactorDocument, UpdateStaffDocument, type StaffRowFragment } from "./gql/graphql";
import { RoleField } from "./RoleField";
import { useStaffText } from "./text";

/** Change a colleague's name and role; and for who lost the second factor, take it away. */
export function EditColleague({ row, hasFactor, onClose }: { row: StaffRowFragment; hasFactor: boolean; onClose: () => void }) {
  const core = useText();
  const t = useStaffText();
  const [name, setName] = useState(row.name);
  const [role, setRole] = useState(row.role ?? "VIEWER");
  const [{ data }] = useQuery({ query: OwnFactorDocument });
  const proof = useProof(data?.mySecondFactor);
  const update = useAction(UpdateStaffDocument);
  const reset = useAction(ResetSecondFactorDocument);
  const submit = async (): Promise<void> => {
    if (!(await update.run({ id: row.id, name, ...(role === row.role ? {} : { role }) }))) return;
    toast(core("saved"));
    onClose();
  };
  const takeAway = (): void => {
    void proof.guarded(() => reset.run({ id: row.id }), reset.latest, () => toast(t("factorReset")));
  };
  return (
    <Dialog title={row.name} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={update.errors} fields={["name", "role"]} fieldOf={{ LAST_OWNER: "role" }}>
        <TextField label={t("name")} name="name" isRequired value={name} onChange={setName} autoFocus />
        <RoleField value={role} onChange={setRole} />
        {role !== row.role && <p className="hint-line">{t("roleChangeText")}</p>}
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look="primary" busy={update.busy}>
            {core("save")}
          </Button>
        </div>
      </Form>
      {hasFactor && (
        <div className="form apart">
          <p className="muted">{t("factorResetText")}</p>
          <Errors errors={beyondProof(reset.errors)} />
          <div>
            <Button look="danger" busy={reset.busy} onPress={takeAway}>
              {t("resetFactor")}
            </Button>
          </div>
        </div>
      )}
      {proof.dialog}
    </Dialog>
  );
}
