import { useFormat, type Amount } from "../i18n/format";

/** Amounts of more characters are set smaller where they are large. */
const LONG = 11;

/** An amount as the server computed it, in the way of the user's language. */
export function Money({ value }: { value: Amount }) {
  const said = useFormat().money(value);
  return (
    <bdi className={said.length > LONG ? "number long" : "number"} data-amount={value.amount} data-currency={value.currency}>
      {said}
    </bdi>
  );
}

/** A day (`2026-11-30`) or a moment in UTC; moments are shown in the time zone of the reader. */
export function DateText({ value }: { value: string }) {
  const format = useFormat();
  return <time dateTime={value}>{value.includes("T") ? format.moment(value) : format.day(value)}</time>;
}

export type BadgeLook = "neutral" | "good" | "warn" | "bad" | "info";

/** A status in a word; the colour says nothing that the word does not. */
export function StatusBadge({ look, children }: { look: BadgeLook; children: string }) {
  return <span className={`badge ${look}`}>{children}</span>;
}
