import { createContext, use, useEffect, useMemo, useState, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { directionOf, type Language } from "./languages";

/** A text with `{name}` where values go; several forms where a count decides (Unicode's plural categories). */
export type Message = string | ({ readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Catalogue<Keys extends string = string> = Readonly<Record<Keys, Message>>;
export type Values = Readonly<Record<string, string | number>>;
export type Loader = (language: Language) => Promise<Catalogue>;

interface Speech {
  readonly language: Language;
  readonly messages: Catalogue;
}

const Context = createContext<Speech>({ language: "en", messages: {} });
/** By the function that loads: its name is not its own once the build has shortened it. */
const loaded = new Map<Loader, Map<Language, Catalogue>>();

/**
 * Say what is below in a language; `load` brings the texts of one part of the interface, which add to those above.
 *
 * While texts are on their way, the ones before stay.
 */
export function Speaking({ language, load, children }: { language: Language; load: Loader; children: ReactNode }) {
  const above = use(Context);
  const [shown, setShown] = useState<Catalogue | undefined>(() => loaded.get(load)?.get(language));
  useEffect(() => {
    let isOver = false;
    const take = (messages: Catalogue): void => {
      loaded.set(load, (loaded.get(load) ?? new Map<Language, Catalogue>()).set(language, messages));
      if (!isOver) setShown(messages);
    };
    const already = loaded.get(load)?.get(language);
    if (already) take(already);
    else void load(language).then(take);
    return () => {
      isOver = true;
    };
  }, [language, load]);
  const speech = useMemo(
    () => ({ language, messages: { ...above.messages, ...shown } }),
    [language, above.messages, shown],
  );
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
  }, [language]);
  if (!shown) return null;
  return (
    <I18nProvider locale={language}>
      <Context value={speech}>{children}</Context>
    </I18nProvider>
  );
}

export function useLanguage(): Language {
  return use(Context).language;
}

export type Say<Keys extends string> = (key: Keys, values?: Values) => string;

/** Return a hook that says the texts of one catalogue; keys that it lacks do not compile. */
export function speaker<Keys extends string>(): () => Say<Keys> {
  return () => {
    const { language, messages } = use(Context);
    return (key, values = {}) => say(language, messages[key], key, values);
  };
}

/** Return a text by a key that is known only at run time, undefined if there is none. */
export function useLookUp(): (key: string, values?: Values) => string | undefined {
  const { language, messages } = use(Context);
  return (key, values = {}) => (key in messages ? say(language, messages[key], key, values) : undefined);
}

function say(language: Language, message: Message | undefined, key: string, values: Values): string {
  const form = typeof message === "object" ? (message[category(language, values)] ?? message.other) : message;
  return (form ?? key).replace(/\{(\w+)\}/g, (_, name: string) => shownValue(language, values[name]));
}

function category(language: Language, values: Values): Intl.LDMLPluralRule {
  return new Intl.PluralRules(language).select(Number(values["count"] ?? 0));
}

function shownValue(language: Language, value: string | number | undefined): string {
  return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : (value ?? "");
}
