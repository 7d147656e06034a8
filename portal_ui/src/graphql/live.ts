import type { AnyVariables, TypedDocumentNode } from "@urql/core";
import { useEffect, useEffectEvent } from "react";
import { useClient } from "urql";
import { pipe, subscribe } from "wonka";

/** How long to wait before a stream that ended is opened again. */
const PAUSE_MS = 1_500;

/**
 * Watch something as long as the component is there.
 *
 * `onNews` is called for each event, and `onGap` when events may have been missed: ask again for what is shown.
 */
export function useLive<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { onNews, onGap, paused = false }: { onNews?: (data: Data) => void; onGap: () => void; paused?: boolean },
): void {
  const client = useClient();
  const told = useEffectEvent((data: Data) => onNews?.(data));
  const missed = useEffectEvent(onGap);
  const key = JSON.stringify(variables);
  useEffect(() => {
    if (paused) return;
    let stop: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let hasEnded = false;
    const open = (): void => {
      const ended = (): void => {
        if (isOver) return;
        stop?.();
        clearTimeout(timer);
        hasEnded = true;
        timer = setTimeout(open, PAUSE_MS);
      };
      const source = client.subscription(document, JSON.parse(key) as Variables);
      stop = pipe(
        source,
        subscribe((result) => {
          if (result.data) told(result.data);
          if (result.error) ended();
        }),
      ).unsubscribe;
      if (hasEnded) missed();
      hasEnded = false;
    };
    open();
    return () => {
      isOver = true;
      clearTimeout(timer);
      stop?.();
    };
  }, [client, document, key, paused]);
}
