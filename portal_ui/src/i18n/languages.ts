/** The languages of the interface, as they call themselves. */
export const LANGUAGES = { en: "English", de: "Deutsch", fr: "Français", es: "Español", ar: "العربية" } as const;

export type Language = keyof typeof LANGUAGES;

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(["ar"]);
const CHOSEN = "portal.language";

/** Return the first language of these that the interface has; English if it has none. */
export function bestLanguage(wanted: readonly (string | null | undefined)[]): Language {
  for (const one of wanted) {
    const language = one?.toLowerCase().split(/[-_]/)[0] ?? "";
    if (language in LANGUAGES) return language as Language;
  }
  return "en";
}

export function directionOf(language: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(language) ? "rtl" : "ltr";
}

/** The language that somebody chose on this device before logging in. */
export function chosenLanguage(): string | null {
  return localStorage.getItem(CHOSEN);
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(CHOSEN, language);
}
