import { Button, Select, TextField } from "../ui";
import { emptyAdjustment, hasSize, type TypedAdjustment } from "./draft";
import { useStaffText } from "./text";

/**
 * Discounts and charges of a line or of the document. Their fields are named by their place in the input (`at`), so that
 * refusals find them.
 */
export function AdjustmentFields({ rows, at, currency, onChange }: {
  rows: readonly TypedAdjustment[];
  at: string;
  currency: string;
  onChange: (rows: readonly TypedAdjustment[]) => void;
}) {
  const t = useStaffText();
  let sent = 0;
  return (
    <div className="adjusting">
      {rows.map((row, place) => {
        const name = `${at}.${hasSize(row) ? sent++ : rows.length - 1}`;
        const change = (part: Partial<TypedAdjustment>): void => onChange(rows.map((one) => (one.key === row.key ? { ...one, ...part } : one)));
        return (
          <fieldset className="adjust" key={row.key}>
            <legend className="visually-hidden">{t("adjustment", { number: place + 1 })}</legend>
            <Select
              label={t("adjustmentKind")}
              value={row.kind}
              onChange={(kind) => change({ kind: kind as TypedAdjustment["kind"] })}
              options={[
                { value: "DISCOUNT", label: t("discount") },
                { value: "CHARGE", label: t("charge") },
              ]}
            />
            <TextField label={t("adjustmentLabel")} name={`${name}.label`} isRequired={false} value={row.label} onChange={(label) => change({ label })} />
            <TextField label={t("adjustmentSize")} name={name} isNumeric value={row.size} onChange={(size) => change({ size })} />
            <Select
              label={t("adjustmentUnit")}
              value={row.unit}
              onChange={(unit) => change({ unit: unit as TypedAdjustment["unit"] })}
              options={[
                { value: "percent", label: "%" },
                { value: "amount", label: currency },
              ]}
            />
            <div className="line-end">
              <Button
                look="plain"
                icon="close"
                aria-label={t("removeAdjustment", { number: place + 1 })}
                onPress={() => onChange(rows.filter((one) => one.key !== row.key))}
              />
            </div>
          </fieldset>
        );
      })}
      <div>
        <Button look="plain" icon="plus" onPress={() => onChange([...rows, emptyAdjustment()])}>
          {t("addAdjustment")}
        </Button>
      </div>
    </div>
  );
}
