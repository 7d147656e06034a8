import { useText } from "../i18n/core";
import { Button } from "../ui";

/** The codes for the day on which the device is lost, which are shown once. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const t = useText();
  return (
    <div className="form">
      <p className="muted">{t("recoveryText")}</p>
      <ul className="codes" dir="ltr">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button look="primary" wide onPress={onDone}>
        {t("recoveryGoOn")}
      </Button>
    </div>
  );
}
