/** What the place that serves these files says about itself, at `/portal-config.json`. */
export interface PortalConfig {
  /** Address of the GraphQL endpoint. */
  readonly gateway: string;
  /** Address of the same for WebSockets. */
  readonly subscriptions: string;
  /** Origin of the payment provider's card form; null where it is not known beforehand. */
  readonly paymentForm: string | null;
  /** The portal that `/` leads to; null where several organisations share the address. */
  readonly slug: string | null;
  /** Whether the gateway was given `persisted-documents.json`: then ids are sent in place of documents. */
  readonly persisted: boolean;
}

export async function loadConfig(): Promise<PortalConfig> {
  const response = await fetch("/portal-config.json", { headers: { accept: "application/json" } });
  if (!response.ok) throw new Error(`/portal-config.json answered ${response.status}`);
  const said = (await response.json()) as Partial<PortalConfig>;
  const gateway = new URL(said.gateway ?? "/graphql", location.href).href;
  return {
    gateway,
    subscriptions: socketAddress(said.subscriptions ?? gateway),
    paymentForm: said.paymentForm ?? null,
    slug: said.slug ?? null,
    persisted: said.persisted ?? false,
  };
}

function socketAddress(address: string): string {
  return new URL(address, location.href).href.replace(/^http/, "ws");
}
