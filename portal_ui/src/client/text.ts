import type { Language } from "../i18n/languages";
import { speaker, type Catalogue } from "../i18n/text";
import type en from "../i18n/client/en";

export type ClientKey = keyof typeof en;
export type ClientCatalogue = Catalogue<ClientKey>;

const LANGUAGES: Record<Language, () => Promise<{ default: ClientCatalogue }>> = {
  en: () => import("../i18n/client/en"),
  de: () => import("../i18n/client/de"),
  fr: () => import("../i18n/client/fr"),
  es: () => import("../i18n/client/es"),
  ar: () => import("../i18n/client/ar"),
};

export async function loadClient(language: Language): Promise<ClientCatalogue> {
  return (await LANGUAGES[language]()).default;
}

/** Says what the pages for clients say. */
export const useClientText = speaker<ClientKey>();
