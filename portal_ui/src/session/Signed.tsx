import { useMemo, type ReactNode } from "react";
import { Provider } from "urql";
import type { PortalConfig } from "../config";
import { createPortalClient } from "../graphql/client";
import { openSocket } from "../graphql/socket";
import { session, type Person } from "./session";

/** Everything below asks the gateway as this person. */
export function Signed({ config, person, children }: { config: PortalConfig; person: Person; children: ReactNode }) {
  const client = useMemo(() => {
    const socket = openSocket(config.subscriptions);
    // An operation keeps the token with which it began (gateway/README.md): another token, another socket.
    session.onToken = () => socket.terminate();
    return createPortalClient(config, socket);
  }, [config, person.id]);
  return <Provider value={client}>{children}</Provider>;
}
