import type { Refusal } from "../graphql/action";

/** What the gateway wants the browser to be asked. */
export interface Attempt {
  readonly token: string;
  readonly options: string;
}

/** What the gateway is to be told of it: the browser's answer as JSON. */
export interface PasskeyAnswer {
  readonly token: string;
  readonly credential: string;
}

/** Tell whether passkeys may be had here: the browser knows them, and the address is a name (WebAuthn takes no IP address). */
export const hasPasskeys = (): boolean =>
  "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential && !/^\[|^[\d.]+$/.test(location.hostname);

/** Ask for a passkey; a refusal where the person closed the browser's question, or has none. */
export const showPasskey = ({ token, options }: Attempt): Promise<PasskeyAnswer | Refusal> =>
  answered(token, () => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options)) }));

/** Have a passkey made; a refusal where the person closed the browser's question, or the device has one already. */
export const makePasskey = ({ token, options }: Attempt): Promise<PasskeyAnswer | Refusal> =>
  answered(token, () => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options)) }));

async function answered(token: string, ask: () => Promise<Credential | null>): Promise<PasskeyAnswer | Refusal> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return { token, credential: JSON.stringify(credential.toJSON()) };
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    if (error.name === "InvalidStateError") return { code: "PASSKEY_KNOWN", message: "" };
  }
  return { code: "PASSKEY_NOT_GIVEN", message: "" };
}
