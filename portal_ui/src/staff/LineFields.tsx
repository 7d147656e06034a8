import { Button, Money, TextField } from "../ui";
import { AdjustmentFields } from "./AdjustmentFields";
import { emptyLine, isEmpty, type Draft, type TypedLine } from "./draft";
import type { Computed } from "./Editor";
import { useStaffText } from "./text";

/** The lines of a draft, each with what it comes to. Names of fields are paths of the input, for refusals to find them. */
export function LineFields({ draft, currency, computed, onChange }: {
  draft: Draft;
  currency: string;
  computed: Computed | undefined;
  onChange: (lines: readonly TypedLine[]) => void;
}) {
  const t = useStaffText();
  let sent = 0;
  return (
    <section className="card form" aria-label={t("lines")}>
      <h2>{t("lines")}</h2>
      <ol className="line-list">
        {draft.lines.map((line, place) => {
          const position = isEmpty(line) ? draft.lines.length - 1 : sent++;
          const change = (part: Partial<TypedLine>): void => onChange(draft.lines.map((one) => (one.key === line.key ? { ...one, ...part } : one)));
          const amount = isEmpty(line) ? undefined : computed?.lines?.[position]?.amount;
          return (
            <li key={line.key}>
              <fieldset className="line">
                <legend className="visually-hidden">{t("line", { number: place + 1 })}</legend>
                <div className="line-description">
                  <TextField
                    label={t("description")}
                    name={`lines.${position}.description`}
                    value={line.description}
                    onChange={(description) => change({ description })}
                  />
                </div>
                <TextField label={t("quantity")} name={`lines.${position}.quantity`} isNumeric value={line.quantity} onChange={(quantity) => change({ quantity })} />
                <TextField label={t("unit")} name={`lines.${position}.unit`} value={line.unit} onChange={(unit) => change({ unit })} />
                <TextField label={t("unitPrice")} name={`lines.${position}.unitPrice`} isNumeric value={line.unitPrice} onChange={(unitPrice) => change({ unitPrice })} />
                <TextField label={t("tax")} name={`lines.${position}.taxes.0.percent`} isNumeric value={line.tax} onChange={(tax) => change({ tax })} />
                <div className="line-end">
                  <span className="line-amount">{amount && <Money value={amount} />}</span>
                  {draft.lines.length > 1 && (
                    <Button
                      look="plain"
                      icon="close"
                      aria-label={t("removeLine", { number: place + 1 })}
                      onPress={() => onChange(draft.lines.filter((one) => one.key !== line.key))}
                    />
                  )}
                </div>
                <div className="line-description">
                  <AdjustmentFields
                    rows={line.adjustments}
                    at={`lines.${position}.adjustments`}
                    currency={currency}
                    onChange={(adjustments) => change({ adjustments })}
                  />
                </div>
              </fieldset>
            </li>
          );
        })}
      </ol>
      <div>
        <Button icon="plus" onPress={() => onChange([...draft.lines, emptyLine(draft.lines.at(-1)?.tax)])}>
          {t("addLine")}
        </Button>
      </div>
    </section>
  );
}
