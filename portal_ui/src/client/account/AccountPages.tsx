import { useEffect, useRef, type ReactNode } from "react";
import { NavLink, Route, Routes, useLocation } from "react-router";
import { useQuery } from "urql";
import { Password } from "../../account/Password";
import { Profile } from "../../account/Profile";
import { Security } from "../../account/Security";
import { loadAccount } from "../../account/text";
import type { PortalConfig } from "../../config";
import { Speaking, useLanguage } from "../../i18n/text";
import { PageHeader } from "../../ui";
import { NoSuchPage } from "../ClientPages";
import { ShellDocument } from "../gql/graphql";
import { usePlace } from "../shell";
import { useClientText } from "../text";
import { Cards } from "./Cards";
import { Company } from "./Company";
import { Preferences } from "./Preferences";

/** What one may change about oneself and one's company. */
export default function AccountPages({ config }: { config: PortalConfig }) {
  const t = useClientText();
  const { to } = usePlace();
  const { pathname } = useLocation();
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    bar.current?.querySelector(".active")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [pathname]);
  const tabs = [
    ["", t("profile")],
    ["/company", t("company")],
    ["/password", t("passwordTab")],
    ["/security", t("securityTab")],
    ["/cards", t("cards")],
    ["/preferences", t("news")],
  ] as const;
  return (
    <div className="narrow broad">
      <PageHeader title={t("account")} />
      <nav className="tabs" ref={bar} aria-label={t("account")}>
        {tabs.map(([path, label]) => (
          <NavLink key={path} to={to(`/account${path}`)} end>
            {label}
          </NavLink>
        ))}
      </nav>
      <Routes>
        <Route index element={<Shared page={Profile} />} />
        <Route path="company" element={<Company />} />
        <Route path="password" element={<Shared page={Password} />} />
        <Route path="security" element={<Shared page={Security} />} />
        <Route path="cards" element={<Cards config={config} />} />
        <Route path="preferences" element={<Preferences />} />
        <Route path="*" element={<NoSuchPage />} />
      </Routes>
    </div>
  );
}

/** A page that staff have as well: its own question does not bring the frame along. */
function Shared({ page: Page }: { page: () => ReactNode }) {
  useQuery({ query: ShellDocument });
  return (
    <Speaking language={useLanguage()} load={loadAccount}>
      <Page />
    </Speaking>
  );
}
