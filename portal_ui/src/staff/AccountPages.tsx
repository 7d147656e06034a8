import { NavLink, Route, Routes } from "react-router";
import { useQuery } from "urql";
import { Password } from "../account/Password";
import { Profile } from "../account/Profile";
import { Security } from "../account/Security";
import { loadAccount, useAccountText } from "../account/text";
import { Speaking, useLanguage } from "../i18n/text";
import { PageHeader } from "../ui";
import { ShellDocument } from "./gql/graphql";
import { NoSuchPage } from "./StaffPages";

/** What somebody of the business may change about oneself. */
export function AccountPages() {
  useQuery({ query: ShellDocument }); // no other question brings the frame along here
  return (
    <Speaking language={useLanguage()} load={loadAccount}>
      <Tabs />
    </Speaking>
  );
}

function Tabs() {
  const t = useAccountText();
  return (
    <div className="narrow broad">
      <PageHeader title={t("account")} />
      <nav className="tabs" aria-label={t("account")}>
        <NavLink to="/staff/account" end>
          {t("profile")}
        </NavLink>
        <NavLink to="/staff/account/password">{t("passwordTab")}</NavLink>
        <NavLink to="/staff/account/security">{t("securityTab")}</NavLink>
      </nav>
      <Routes>
        <Route index element={<Profile />} />
        <Route path="password" element={<Password />} />
        <Route path="security" element={<Security />} />
        <Route path="*" element={<NoSuchPage />} />
      </Routes>
    </div>
  );
}
