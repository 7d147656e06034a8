import type { Language } from "../i18n/languages";
import { speaker, type Catalogue } from "../i18n/text";
import type en from "../i18n/account/en";

export type AccountKey = keyof typeof en;
export type AccountCatalogue = Catalogue<AccountKey>;

const LANGUAGES: Record<Language, () => Promise<{ default: AccountCatalogue }>> = {
  en: () => import("../i18n/account/en"),
  de: () => import("../i18n/account/de"),
  fr: () => import("../i18n/account/fr"),
  es: () => import("../i18n/account/es"),
  ar: () => import("../i18n/account/ar"),
};

export async function loadAccount(language: Language): Promise<AccountCatalogue> {
  return (await LANGUAGES[language]()).default;
}

/** Says what the pages about one's own account say, for clients and for staff. */
export const useAccountText = speaker<AccountKey>();
