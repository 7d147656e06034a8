import { Radio, RadioGroup, Label } from "react-aria-components";
import type { Amount } from "../../i18n/format";
import { Money, TextField } from "../../ui";
import { useClientText } from "../text";

export interface ChosenAmount {
  readonly part: boolean;
  readonly text: string;
}

/** All that is open, or a part of it where the business allows that. */
export function AmountChoice({ invoice, whole, value, onChange, isRefused }: {
  invoice: { partialPaymentsAllowed: boolean };
  whole: Amount;
  value: ChosenAmount;
  onChange: (value: ChosenAmount) => void;
  isRefused: boolean;
}) {
  const t = useClientText();
  if (!invoice.partialPaymentsAllowed) {
    return (
      <div>
        <p className="label muted">{t("amountDue")}</p>
        <p className="owed-amount">
          <Money value={whole} />
        </p>
      </div>
    );
  }
  return (
    <RadioGroup className="choices" value={value.part ? "part" : "whole"} onChange={(one) => onChange({ ...value, part: one === "part" })}>
      <Label className="label">{t("howMuch")}</Label>
      <Radio className="choice" value="whole">
        <span className="dot" aria-hidden="true" />
        <span className="choice-main">{t("wholeAmount")}</span>
        <Money value={whole} />
      </Radio>
      <Radio className="choice" value="part">
        <span className="dot" aria-hidden="true" />
        <span className="choice-main">{t("partAmount")}</span>
      </Radio>
      {value.part && (
        <div className={isRefused ? "refused-amount" : undefined}>
          <TextField
            label={t("partLabel", { currency: whole.currency })}
            name="amount"
            isNumeric
            autoFocus
            isInvalid={isRefused}
            value={value.text}
            onChange={(text) => onChange({ ...value, text })}
            {...(isRefused ? { hint: t("badAmount") } : {})}
          />
        </div>
      )}
    </RadioGroup>
  );
}

/**
 * Return the amount that was chosen, as decimal text; undefined if what was typed is none.
 *
 * One separator is the decimal one, whichever it is: `1,234` is more digits than a currency has and is refused, never
 * taken for a thousand.
 */
export function amountOf(chosen: ChosenAmount, whole: Amount): Amount | undefined {
  if (!chosen.part) return { amount: whole.amount, currency: whole.currency };
  const text = latinDigits(chosen.text).replace(/\s/g, "");
  if (!/^\d{1,12}([.,٫]\d{1,4})?$/.test(text)) return undefined;
  const amount = text.replace(/[,٫]/, ".");
  return /[1-9]/.test(amount) ? { amount, currency: whole.currency } : undefined;
}

function latinDigits(text: string): string {
  return text.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660)).replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
}
