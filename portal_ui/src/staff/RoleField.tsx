import { Select } from "../ui";
import type { StaffRole } from "./gql/graphql";
import { useStaffText } from "./text";

const ROLES: readonly StaffRole[] = ["OWNER", "ACCOUNTANT", "VIEWER"];

/** What a colleague may do, each role with what it means. */
export function RoleField({ value, onChange }: { value: StaffRole; onChange: (value: StaffRole) => void }) {
  const t = useStaffText();
  return (
    <Select
      label={t("role")}
      hint={t(`roleText.${value}`)}
      name="role"
      value={value}
      onChange={(role) => onChange(role as StaffRole)}
      options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
    />
  );
}
