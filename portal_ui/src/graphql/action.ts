import type { AnyVariables, TypedDocumentNode } from "@urql/core";
import { useRef, useState } from "react";
import { useClient } from "urql";
import { codesOf } from "./client";

/** A refusal as the gateway says it, or one of the connection: `NETWORK`, `SERVER`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly field?: readonly string[] | null | undefined;
}

interface Payload {
  readonly userErrors?: readonly Refusal[];
}

type Field<Data> = { [Name in keyof Data as Name extends "__typename" ? never : Name]: Data[Name] };
type PayloadOf<Data> = NonNullable<Field<Data>[keyof Field<Data>]>;
type InputOf<Variables> = Variables extends { input: infer Input } ? Omit<Input, "idempotencyKey"> : Record<string, never>;

/** These are not answers: the same request may be sent again with its key (docs/frontend.md). */
const PASSING = new Set([
  "CONCURRENT_UPDATE", "NEWER_VERSION", "UNREADABLE", "DIRECTORY_UNAVAILABLE", "PROVIDER_UNAVAILABLE",
  "PAYMENT_NOT_CANCELLABLE", "TOO_BUSY", "TOO_MANY_COMMENTS", "TOO_MANY_FORWARDS", "IDEMPOTENCY_KEY_IN_FLIGHT",
  "NETWORK", "SERVER",
]);

export interface Action<Data, Variables> {
  /** Run the mutation; the payload if it was carried out, undefined if it was refused (see `errors`). */
  run: (input: InputOf<Variables>) => Promise<PayloadOf<Data> | undefined>;
  busy: boolean;
  errors: readonly Refusal[];
  /** The refusals of the last run, for who has just awaited it. */
  latest: () => readonly Refusal[];
  reset: () => void;
}

/**
 * One intention of the user: a mutation with a key that stays the same until there is an answer, so that pressing twice,
 * a lost answer and a retry do it once.
 *
 * `keyless` is for the few mutations that take no key.
 */
export function useAction<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { keyless = false }: { keyless?: boolean } = {},
): Action<Data, Variables> {
  const client = useClient();
  const intention = useRef<{ text: string; key: string } | undefined>(undefined);
  const running = useRef<Promise<PayloadOf<Data> | undefined> | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const latest = useRef<readonly Refusal[]>([]);
  const [errors, setErrors] = useState<readonly Refusal[]>([]);

  const attempt = async (input: InputOf<Variables>): Promise<PayloadOf<Data> | undefined> => {
    const text = JSON.stringify(input);
    if (intention.current?.text !== text) intention.current = { text, key: crypto.randomUUID() };
    const whole = keyless ? input : { ...input, idempotencyKey: intention.current.key };
    setBusy(true);
    setErrors([]);
    const result = await client.mutation(document, { input: whole } as unknown as Variables).toPromise();
    const payload = payloadOf<Data>(result.data);
    const refusals = payload ? ((payload as Payload).userErrors ?? []) : [failure(codesOf(result.error))];
    if (!refusals.some((one) => PASSING.has(one.code))) intention.current = undefined;
    setBusy(false);
    setErrors(refusals);
    latest.current = refusals;
    return refusals.length === 0 ? payload : undefined;
  };
  const run = (input: InputOf<Variables>): Promise<PayloadOf<Data> | undefined> => {
    running.current ??= attempt(input).finally(() => {
      running.current = undefined;
    });
    return running.current;
  };
  return { run, busy, errors, latest: () => latest.current, reset: () => setErrors([]) };
}

function payloadOf<Data>(data: Data | undefined): PayloadOf<Data> | undefined {
  const values = Object.entries((data ?? {}) as object).filter(([name]) => name !== "__typename");
  return (values[0]?.[1] ?? undefined) as PayloadOf<Data> | undefined;
}

function failure(codes: readonly string[]): Refusal {
  return { code: codes[0] || "NETWORK", message: "" };
}
