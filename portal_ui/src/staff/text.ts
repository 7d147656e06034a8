import type { Language } from "../i18n/languages";
import { speaker, type Catalogue } from "../i18n/text";
import type en from "../i18n/staff/en";

export type StaffKey = keyof typeof en;
export type StaffCatalogue = Catalogue<StaffKey>;

const LANGUAGES: Record<Language, () => Promise<{ default: StaffCatalogue }>> = {
  en: () => import("../i18n/staff/en"),
  de: () => import("../i18n/staff/de"),
  fr: () => import("../i18n/staff/fr"),
  es: () => import("../i18n/staff/es"),
  ar: () => import("../i18n/staff/ar"),
};

export async function loadStaff(language: Language): Promise<StaffCatalogue> {
  return (await LANGUAGES[language]()).default;
}

/** Says what the pages for the business's own people say. */
export const useStaffText = speaker<StaffKey>();
