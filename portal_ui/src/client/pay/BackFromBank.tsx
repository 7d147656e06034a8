import { Navigate, useParams, useSearchParams } from "react-router";
import { useQuery } from "urql";
import { FailedState, Skeleton } from "../../ui";
import { NoSuchPage } from "../ClientPages";
import { PayPageDocument } from "../gql/graphql";
import { usePlace } from "../shell";

/** Where the bank sends the payer back to: on to the payment that waited, which then asks how it stands. */
export default function BackFromBank() {
  const { id = "" } = useParams();
  const { to } = usePlace();
  const [query] = useSearchParams();
  const named = query.get("payment");
  const [{ data, error }, ask] = useQuery({ query: PayPageDocument, variables: { id }, pause: !!named, requestPolicy: "network-only" });
  if (named) return <Navigate to={to(`/payments/${encodeURIComponent(named)}?back`)} replace />;
  if (error) return <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <Skeleton />;
  const newest = [...(data.invoice?.payments ?? [])].sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1))[0];
  return newest ? <Navigate to={to(`/payments/${newest.id}?back`)} replace /> : <NoSuchPage />;
}
