import type { PortalConfig } from "../config";
import { useText } from "../i18n/core";
import { EmptyState } from "../ui";

/** The pages of the business's own people. */
export default function StaffPart(_: { config: PortalConfig }) {
  const t = useText();
  return (
    <main className="gate">
      <EmptyState icon="staff" title={t("notFound")}>
        <p>{t("notFoundText")}</p>
      </EmptyState>
    </main>
  );
}
