import type { ReactNode } from "react";
import { Icon, type IconName } from "./icons";

type Look = "info" | "good" | "warn" | "bad";

const ICONS: Record<Look, IconName> = { info: "info", good: "check", warn: "alert", bad: "alert" };

/** Something worth knowing on a page; `isUrgent` ones are read out at once. */
export function Notice({ look = "info", isUrgent = false, children }: { look?: Look; isUrgent?: boolean; children: ReactNode }) {
  return (
    <div className={`notice ${look}`} role={isUrgent ? "alert" : undefined}>
      <Icon name={ICONS[look]} />
      <div>{children}</div>
    </div>
  );
}
