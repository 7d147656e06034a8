import { useState } from "react";
import { Button, DateText, Dialog, Money } from "../ui";
import type { EstimatePaperFragment, LineFragment } from "./gql/graphql";
import { Paper } from "./Paper";
import { EstimateBadge } from "./status";
import { useClientText } from "./text";

type Revision = EstimatePaperFragment["revisions"][number];

/** The revisions before the present one; each can be read, with the lines marked that differ from now. */
export function Revisions({ estimate }: { estimate: EstimatePaperFragment }) {
  const t = useClientText();
  const [shown, setShown] = useState<Revision | undefined>();
  const earlier = estimate.revisions.filter((one) => one.number !== estimate.revision);
  if (earlier.length === 0) return null;
  return (
    <section className="card payments">
      <h2>{t("revisions")}</h2>
      <ul>
        {earlier.map((one) => (
          <li key={one.number}>
            <div className="payment-line">
              <Button look="plain" icon="history" onPress={() => setShown(one)} aria-label={t("revisionShown", { revision: one.number })}>
                {t("revisionTitle", { revision: one.number })}
              </Button>
              <EstimateBadge status={one.status} />
            </div>
            <p className="muted small">
              <Money value={one.total} /> · <DateText value={one.issuedOn} />
            </p>
            {one.declineReason && <blockquote dir="auto">{one.declineReason}</blockquote>}
          </li>
        ))}
      </ul>
      <Dialog broad title={t("revisionTitle", { revision: shown?.number ?? "" })} isOpen={!!shown} onClose={() => setShown(undefined)}>
        {shown && (
          <Paper
            {...shown}
            title={t("revisionTitle", { revision: shown.number })}
            facts={[
              { label: t("issuedOn"), value: <DateText value={shown.issuedOn} /> },
              { label: t("validUntil"), value: <DateText value={shown.expiresOn} /> },
            ]}
            seller={null}
            buyer={null}
            adjustments={[]}
            pricesIncludeTax={estimate.pricesIncludeTax}
            marked={differing(shown.lines, estimate.lines)}
          />
        )}
      </Dialog>
    </section>
  );
}

/** Return the places of the lines that are not, word for word and figure for figure, in the other document. */
function differing(lines: readonly LineFragment[], others: readonly LineFragment[]): Set<number> {
  const known = new Set(others.map((line) => JSON.stringify(line)));
  return new Set(lines.flatMap((line, index) => (known.has(JSON.stringify(line)) ? [] : [index])));
}
