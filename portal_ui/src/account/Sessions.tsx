import { useAction } from "../graphql/action";
import { useFormat } from "../i18n/format";
import { beyondProof } from "../session/ProofDialog";
import { Button, Errors, Icon, StatusBadge, toast } from "../ui";
import { EndOtherSessionsDocument, EndSessionDocument, type SessionRowFragment } from "./gql/graphql";
import type { Guarded } from "./Security";
import { useAccountText } from "./text";

/** Where one is logged in; what one does not know can be ended. */
export function Sessions({ rows, guarded, ask }: { rows: readonly SessionRowFragment[]; guarded: Guarded; ask: () => void }) {
  const t = useAccountText();
  const format = useFormat();
  const end = useAction(EndSessionDocument, { keyless: true });
  const endOthers = useAction(EndOtherSessionsDocument);
  const said = (text: string) => (): void => {
    ask();
    toast(text);
  };
  const sorted = [...rows].sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent) || other.lastUsedAt.localeCompare(one.lastUsedAt));
  return (
    <section className="card form">
      <div>
        <h2>{t("sessions")}</h2>
        <p className="muted">{t("sessionsText")}</p>
      </div>
      <Errors errors={beyondProof(end.errors, endOthers.errors)} />
      <ul className="things">
        {sorted.map((row) => {
          const device = row.device ?? t("unknownDevice");
          return (
            <li key={row.id}>
              <Icon name="device" />
              <span className="thing-main">
                <bdi>{device}</bdi>
                <span className="muted small">
                  {t("loggedInAt", { moment: format.moment(row.startedAt) })} · {t("lastUsed", { moment: format.moment(row.lastUsedAt) })}
                </span>
              </span>
              {row.isCurrent ? (
                <StatusBadge look="good">{t("thisSession")}</StatusBadge>
              ) : (
                <Button
                  busy={end.busy}
                  aria-label={`${t("endSession")}: ${device}, ${format.moment(row.startedAt)}`}
                  onPress={() => void guarded(() => end.run({ sessionId: row.id }), end.latest, said(t("sessionEnded")))}
                >
                  {t("endSession")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {rows.length > 1 && (
        <div>
          <Button
            look="danger"
            busy={endOthers.busy}
            onPress={() => void guarded(() => endOthers.run({}), endOthers.latest, said(t("othersEnded")))}
          >
            {t("endOthers")}
          </Button>
        </div>
      )}
    </section>
  );
}
