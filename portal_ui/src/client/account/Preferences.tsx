import { useQuery } from "urql";
import { useAction } from "../../graphql/action";
import { useLookUp } from "../../i18n/text";
import { Checkbox, Errors, FailedState, Skeleton } from "../../ui";
import { PreferencesPageDocument, SetPreferenceDocument, type PreferencesPageQuery } from "../gql/graphql";
import { useClientText } from "../text";

export function Preferences() {
  const t = useClientText();
  const [{ data, error }, asking] = useQuery({ query: PreferencesPageDocument, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const rows = data?.notificationPreferences;
  if (!rows) return error ? <FailedState onRetry={ask} /> : <Skeleton />;
  return (
    <section className="card form">
      <h2>{t("preferences")}</h2>
      <p className="muted">{t("preferencesText")}</p>
      <ul className="preferences">
        {rows.map((row) => (
          <Preference key={row.kind} row={row} onChanged={ask} />
        ))}
      </ul>
    </section>
  );
}

type Row = NonNullable<PreferencesPageQuery["notificationPreferences"]>[number];

function Preference({ row, onChanged }: { row: Row; onChanged: () => void }) {
  const t = useClientText();
  const lookUp = useLookUp();
  const set = useAction(SetPreferenceDocument);
  const label = lookUp(`kind.${row.kind}`) ?? row.kind;
  const change = (next: Partial<Row>): void => {
    void set.run({ kind: row.kind, email: row.email, inApp: row.inApp, ...next }).then(onChanged);
  };
  return (
    <li>
      <span>{label}</span>
      <Checkbox isSelected={row.email} isDisabled={set.busy} onChange={(email) => change({ email })} aria-label={`${label}: ${t("byEmail")}`}>
        {t("byEmail")}
      </Checkbox>
      <Checkbox isSelected={row.inApp} isDisabled={set.busy} onChange={(inApp) => change({ inApp })} aria-label={`${label}: ${t("inApp")}`}>
        {t("inApp")}
      </Checkbox>
      <Errors errors={set.errors} />
    </li>
  );
}
