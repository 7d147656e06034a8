import { Label, Radio, RadioGroup } from "react-aria-components";
import { Icon } from "../../ui";
import type { CardRowFragment } from "../gql/graphql";
import { useClientText } from "../text";

/** One of the saved cards, or another one (an empty value). */
export function CardChoice({ cards, value, onChange }: { cards: readonly CardRowFragment[]; value: string; onChange: (value: string) => void }) {
  const t = useClientText();
  if (cards.length === 0) return null;
  return (
    <RadioGroup className="choices" value={value || "new"} onChange={(one) => onChange(one === "new" ? "" : one)}>
      <Label className="label">{t("howToPay")}</Label>
      {cards.map((card) => (
        <Radio className="choice" key={card.id} value={card.id}>
          <span className="dot" aria-hidden="true" />
          <Icon name="card" />
          <span className="choice-main">
            {t("cardEnding", { brand: brandName(card.brand), lastFour: card.lastFour })}
            <span className="muted small">{t("expires", { month: twoDigits(card.expMonth), year: String(card.expYear) })}</span>
          </span>
        </Radio>
      ))}
      <Radio className="choice" value="new">
        <span className="dot" aria-hidden="true" />
        <Icon name="plus" />
        <span className="choice-main">{t("anotherCard")}</span>
      </Radio>
    </RadioGroup>
  );
}

export function brandName(brand: string): string {
  return brand.charAt(0).toUpperCase() + brand.slice(1);
}

export function twoDigits(month: number): string {
  return String(month).padStart(2, "0");
}
