import { useQuery } from "urql";
import { useProof } from "../session/ProofDialog";
import { FailedState, Skeleton } from "../ui";
import { SecurityPageDocument } from "./gql/graphql";
import { Passkeys } from "./Passkeys";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";

/** What of somebody's own log-ins a section is told; `ask` asks for it anew. */
export type Guarded = ReturnType<typeof useProof>["guarded"];

/** Where one is logged in, and what is asked for besides the password. */
export function Security() {
  const [{ data, error }, asking] = useQuery({ query: SecurityPageDocument, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const factor = data?.mySecondFactor;
  const proof = useProof(factor);
  if (!data?.mySessions || !factor) return error ? <FailedState onRetry={ask} /> : <Skeleton lines={6} />;
  return (
    <div className="stack">
      <Sessions rows={data.mySessions} guarded={proof.guarded} ask={ask} />
      <SecondFactor factor={factor} guarded={proof.guarded} ask={ask} />
      <Passkeys factor={factor} guarded={proof.guarded} ask={ask} />
      {proof.dialog}
    </div>
  );
}
