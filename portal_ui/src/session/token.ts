import { useState } from "react";

/** Return the token behind `#` of a mailed link; it is taken out of the address, so that no history keeps it. */
export function useLinkToken(): string {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token") ?? "");
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}
