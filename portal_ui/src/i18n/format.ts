import { useMemo } from "react";
import { useLanguage } from "./text";

/** An amount as the API gives it: decimal text, never a number that rounds. */
export interface Amount {
  readonly amount: string;
  readonly currency: string;
}

/** How this language writes amounts, days, moments and numbers. Days have no time zone. */
export function useFormat() {
  const language = useLanguage();
  return useMemo(() => {
    const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
    const month = new Intl.DateTimeFormat(language, { month: "short", timeZone: "UTC" });
    const countries = new Intl.DisplayNames(language, { type: "region" });
    const compact = (currency: string) =>
      new Intl.NumberFormat(language, { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 });
    return {
      money: ({ amount, currency }: Amount) => exact(new Intl.NumberFormat(language, { style: "currency", currency, ...digits(amount) }), amount),
      roundMoney: ({ amount, currency }: Amount) => exact(compact(currency), amount),
      number: (text: string) => exact(new Intl.NumberFormat(language, { maximumFractionDigits: 20 }), text),
      percent: (text: string) => `${exact(new Intl.NumberFormat(language, { maximumFractionDigits: 6 }), text)} %`,
      day: (text: string) => day.format(new Date(`${text}T00:00:00Z`)),
      moment: (text: string) => moment.format(new Date(text)),
      month: (text: string) => month.format(new Date(`${text.slice(0, 7)}-01T00:00:00Z`)),
      country: (code: string) => countries.of(code) ?? code,
      list: (items: string[]) => new Intl.ListFormat(language).format(items),
    };
  }, [language]);
}

/** Intl takes decimal text as it is, without making a float of it. */
function exact(format: Intl.NumberFormat, text: string): string {
  return format.format(text as unknown as number);
}

/** Unit prices may have more digits than their currency; they are not cut. */
function digits(amount: string): Intl.NumberFormatOptions {
  const count = amount.split(".")[1]?.length ?? 0;
  return count > 2 ? { minimumFractionDigits: count, maximumFractionDigits: count } : {};
}

/** Tell whether an amount is zero, by its figures alone. */
export function isNothing({ amount }: Amount): boolean {
  return !/[1-9]/.test(amount);
}
