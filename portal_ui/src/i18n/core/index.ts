import type { Language } from "../languages";
import { speaker, type Catalogue } from "../text";
import type en from "./en";

export type CoreKey = keyof typeof en;
export type CoreCatalogue = Catalogue<CoreKey>;

const LANGUAGES: Record<Language, () => Promise<{ default: CoreCatalogue }>> = {
  en: () => import("./en"),
  de: () => import("./de"),
  fr: () => import("./fr"),
  es: () => import("./es"),
  ar: () => import("./ar"),
};

export async function loadCore(language: Language): Promise<CoreCatalogue> {
  return (await LANGUAGES[language]()).default;
}

/** Says what every part of the interface says. */
export const useText = speaker<CoreKey>();
