import { useState } from "react";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { beyondProof, useProof } from "../session/ProofDialog";
import { Button, Form, Select, toast } from "../ui";
import { OwnFactorDocument, UpdateLogInPolicyDocument, type LogInsFragment, type SecondFactorDemand } from "./gql/graphql";
import { useIsOwner } from "./shell";
import { useStaffText } from "./text";

const DEMANDS: readonly SecondFactorDemand[] = ["OFF", "OFFERED", "REQUIRED"];

/** Who has to show more than a password. */
export function LogIns({ policy }: { policy: NonNullable<LogInsFragment["logInPolicy"]> }) {
  const core = useText();
  const t = useStaffText();
  const isOwner = useIsOwner();
  const [staff, setStaff] = useState(policy.staff);
  const [clients, setClients] = useState(policy.clients);
  const [{ data }] = useQuery({ query: OwnFactorDocument, pause: !isOwner });
  const proof = useProof(data?.mySecondFactor);
  const update = useAction(UpdateLogInPolicyDocument);
  if (!isOwner) return null;
  const options = DEMANDS.map((value) => ({ value, label: t(`demand.${value}`) }));
  const submit = (): void => {
    void proof.guarded(() => update.run({ staff, clients }), update.latest, () => toast(core("saved")));
  };
  return (
    <section className="section">
      <div className="section-head">
        <h2>{t("logIns")}</h2>
      </div>
      <div className="card">
        <Form onSubmit={submit} errors={beyondProof(update.errors)} fields={["staff", "clients"]}>
          <p className="muted">{t("logInsText")}</p>
          <div className="pair">
            <Select label={t("team")} name="staff" value={staff} onChange={(value) => setStaff(value as SecondFactorDemand)} options={options} />
            <Select label={t("clients")} name="clients" value={clients} onChange={(value) => setClients(value as SecondFactorDemand)} options={options} />
          </div>
          <div>
            <Button type="submit" busy={update.busy}>
              {core("save")}
            </Button>
          </div>
        </Form>
        {proof.dialog}
      </div>
    </section>
  );
}
