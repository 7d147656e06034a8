import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { ReactNode } from "react";
import { NavLink, Outlet, useNavigate } from "react-router";
import { useClient, useQuery } from "urql";
import { useLive } from "../graphql/live";
import { useText } from "../i18n/core";
import { BrandMark } from "../session/Gate";
import { session } from "../session/session";
import { ConnectionBar, Icon, toast, type IconName } from "../ui";
import { DocumentChangedDocument, NotificationAddedDocument, ShellDocument, UnreadDocument, type ShellFragment } from "./gql/graphql";
import { useStaffText } from "./text";
import { Unproven } from "./Unproven";

/** What is known of the business and the person; each page's query brings it along. */
export function useShell(): ShellFragment | undefined {
  const [{ data }] = useQuery({ query: ShellDocument, requestPolicy: "cache-only" });
  return data;
}

/** Tell whether the person may write; viewers look only. */
export function useMayWrite(): boolean {
  const me = useShell()?.me;
  return !!me && "role" in me && me.role !== "VIEWER";
}

/** Tell whether the person may change the team and the portal. */
export function useIsOwner(): boolean {
  const me = useShell()?.me;
  return !!me && "role" in me && me.role === "OWNER";
}

/** The frame of all pages: where one can go, who one is. */
export function Shell() {
  const core = useText();
  useNews();
  return (
    <>
      <a className="skip" href="#content">
        {core("skipToContent")}
      </a>
      <ConnectionBar />
      <TopBar />
      <main className="content staff" id="content" tabIndex={-1}>
        <Unproven />
        <Outlet />
      </main>
    </>
  );
}

function TopBar() {
  const t = useStaffText();
  const shell = useShell();
  const name = shell?.organisation?.name ?? "";
  return (
    <header className="top-bar">
      <div className="inner">
        <NavLink className="brand-line" to="/staff" end aria-label={`${name} – ${t("home")}`}>
          <BrandMark isNamed brand={{ name: name || "·", logo: shell?.organisation?.portal?.logo }} />
          <span className="brand-name">{name}</span>
        </NavLink>
        <nav className="main-nav" aria-label={t("navigation")}>
          <Tab to="/staff" end icon="home">
            {t("home")}
          </Tab>
          <Tab to="/staff/invoices" icon="invoice">
            {t("invoices")}
          </Tab>
          <Tab to="/staff/estimates" icon="estimate">
            {t("estimates")}
          </Tab>
          <Tab to="/staff/clients" icon="company">
            {t("clients")}
          </Tab>
          <Tab to="/staff/settings" icon="settings">
            {t("settings")}
          </Tab>
        </nav>
        <div className="top-end">
          <Account />
        </div>
      </div>
    </header>
  );
}

function Tab({ to, end = false, icon, children }: { to: string; end?: boolean; icon: IconName; children: ReactNode }) {
  return (
    <NavLink className="tab" to={to} end={end}>
      <Icon name={icon} />
      <span>{children}</span>
    </NavLink>
  );
}

function Account() {
  const core = useText();
  const t = useStaffText();
  const go = useNavigate();
  const me = useShell()?.me;
  const name = me?.name ?? "";
  const role = me && "role" in me && me.role ? t(`role.${me.role}`) : "";
  return (
    <MenuTrigger>
      <AriaButton className="avatar" aria-label={name || t("staffOf")}>
        {initials(name)}
      </AriaButton>
      <Popover className="menu-popover" placement="bottom end">
        <div className="menu-head">
          <strong>{name}</strong>
          <span className="muted">{role}</span>
        </div>
        <Menu className="menu" aria-label={name} onAction={(key) => void (key === "out" ? session.logOut() : go("/staff/account"))}>
          <MenuItem className="menu-item" id="account">
            <Icon name="person" />
            {t("myAccount")}
          </MenuItem>
          <MenuItem className="menu-item" id="out">
            <Icon name="out" />
            {core("logOut")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}

/** Live updates for all pages: documents change in place, news are announced. */
function useNews(): void {
  const client = useClient();
  const count = (): void => void client.query(UnreadDocument, {}, { requestPolicy: "network-only" }).toPromise();
  useLive(NotificationAddedDocument, {}, {
    onNews: (data) => {
      toast(data.notificationAdded.title);
      count();
    },
    onGap: count,
  });
  useLive(DocumentChangedDocument, {}, { onGap: () => undefined });
}
