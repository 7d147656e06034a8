import { useSyncExternalStore } from "react";

type State = "idle" | "live" | "broken";

/** How long a connection may be away before it is worth telling. */
const PATIENCE_MS = 3_000;

class Connection {
  #state: State = "idle";
  #offline = !navigator.onLine;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLost = false;
  #listeners = new Set<() => void>();

  constructor() {
    addEventListener("offline", () => this.#browser(true));
    addEventListener("online", () => this.#browser(false));
  }

  /** Tell what became of the socket. */
  say(state: State): void {
    this.#state = state;
    this.#weigh();
  }

  isLost = (): boolean => this.#isLost;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #browser(offline: boolean): void {
    this.#offline = offline;
    this.#weigh();
  }

  #weigh(): void {
    const bad = this.#offline || this.#state === "broken";
    if (!bad) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#set(false);
    } else if (this.#offline) {
      this.#set(true);
    } else {
      this.#timer ??= setTimeout(() => this.#set(true), PATIENCE_MS);
    }
  }

  #set(lost: boolean): void {
    if (lost === this.#isLost) return;
    this.#isLost = lost;
    for (const listener of this.#listeners) listener();
  }
}

export const connection = new Connection();

/** Tell whether the portal cannot be reached right now. */
export function useIsConnectionLost(): boolean {
  return useSyncExternalStore(connection.subscribe, connection.isLost);
}
