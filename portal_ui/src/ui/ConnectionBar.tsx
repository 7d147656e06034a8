import { useIsConnectionLost } from "../graphql/connection";
import { useText } from "../i18n/core";

/** Says that the connection is lost, on every page, and takes it back when it is there again. */
export function ConnectionBar() {
  const t = useText();
  const isLost = useIsConnectionLost();
  return (
    <div role="status" aria-live="polite">
      {isLost && <p className="offline">{t("connectionLost")}</p>}
    </div>
  );
}
