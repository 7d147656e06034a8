import { CombinedError, makeOperation, type Exchange, type Operation, type OperationResult } from "@urql/core";
import { filter, makeSubject, map, merge, pipe, share, tap } from "wonka";

/** The last is what gateways of earlier releases say of an id with the empty text that sockets need. */
const UNKNOWN = new Set(["PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED", "PERSISTED_QUERY_MISMATCH"]);

/**
 * Send each document's id in place of its text, as gateways that run persisted documents only demand.
 *
 * A gateway that turns out not to know `persisted-documents.json` says so once; from then on it gets texts.
 */
export const persistedExchange = (isKnown: boolean): Exchange => ({ forward }) => {
  let known = isKnown;
  return (operations) => {
    const again = makeSubject<Operation>();
    const answers = pipe(
      merge([pipe(operations, map((operation) => (known ? byId(operation) : operation))), again.source]),
      forward,
      share,
    );
    const isMiss = (result: OperationResult): boolean => isById(result.operation) && isUnknown(result.error);
    return pipe(
      answers,
      tap((result) => {
        if (!isMiss(result)) return;
        known = false;
        again.next(byText(result.operation));
      }),
      filter((result) => !isMiss(result)),
    );
  };
};

function byId(operation: Operation): Operation {
  const hash = (operation.query as { __meta__?: { hash?: string } }).__meta__?.hash;
  if (operation.kind === "teardown" || !hash) return operation;
  const persistedQuery = { version: 1 as const, sha256Hash: hash.replace("sha256:", "") };
  return makeOperation(operation.kind, {
    ...operation,
    extensions: { ...operation.extensions, persistedQuery },
  } as Operation);
}

function byText(operation: Operation): Operation {
  const { persistedQuery: _, ...extensions } = operation.extensions ?? {};
  return makeOperation(operation.kind, { ...operation, extensions } as Operation);
}

function isById(operation: Operation): boolean {
  return operation.extensions?.persistedQuery !== undefined;
}

function isUnknown(error: CombinedError | undefined): boolean {
  return !!error?.graphQLErrors.some((one) => UNKNOWN.has(String(one.extensions["code"])));
}
