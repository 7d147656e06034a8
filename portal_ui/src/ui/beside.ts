import { createContext } from "react";

/** What a form's refusals say, by the names of their fields: for fields that are the system's own. */
export const Beside = createContext<Readonly<Record<string, string>>>({});
