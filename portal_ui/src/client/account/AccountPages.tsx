import { useEffect, useRef } from "react";
import { NavLink, Route, Routes, useLocation } from "react-router";
import type { PortalConfig } from "../../config";
import { PageHeader } from "../../ui";
import { NoSuchPage } from "../ClientPages";
import { usePlace } from "../shell";
import { useClientText } from "../text";
import { Cards } from "./Cards";
import { Company } from "./Company";
import { Password } from "./Password";
import { Preferences } from "./Preferences";
import { Profile } from "./Profile";

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
        <Route index element={<Profile />} />
        <Route path="company" element={<Company />} />
        <Route path="password" element={<Password />} />
        <Route path="cards" element={<Cards config={config} />} />
        <Route path="preferences" element={<Preferences />} />
        <Route path="*" element={<NoSuchPage />} />
      </Routes>
    </div>
  );
}
