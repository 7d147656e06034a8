import { createContext, use, type ReactNode } from "react";
import { NavLink, Outlet } from "react-router";
import { useClient, useQuery } from "urql";
import { useLive } from "../graphql/live";
import { useText } from "../i18n/core";
import { BrandMark } from "../session/Gate";
import { ConnectionBar, Icon, toast, type IconName } from "../ui";
import { AccountMenu } from "./AccountMenu";
import { DocumentChangedDocument, NotificationAddedDocument, ShellDocument, UnreadDocument, type ShellFragment } from "./gql/graphql";
import { useClientText } from "./text";

interface Place {
  readonly slug: string;
  readonly shell: ShellFragment | undefined;
}

const Context = createContext<Place>({ slug: "", shell: undefined });

/** What is known of the portal, the company and the person; each page's query brings it along. */
export function usePlace(): Place & { to: (path: string) => string; portal: NonNullable<ShellFragment["organisation"]>["portal"] } {
  const place = use(Context);
  return { ...place, to: (path) => `/${place.slug}${path}`, portal: place.shell?.organisation?.portal ?? null };
}

/** The frame of all pages: where one can go, what is new, who one is. */
export function Shell({ slug }: { slug: string }) {
  const core = useText();
  const [{ data }] = useQuery({ query: ShellDocument, requestPolicy: "cache-only" });
  useNews();
  return (
    <Context value={{ slug, shell: data }}>
      <a className="skip" href="#content">
        {core("skipToContent")}
      </a>
      <ConnectionBar />
      <TopBar />
      <main className="content" id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </Context>
  );
}

function TopBar() {
  const t = useClientText();
  const { slug, shell, portal } = usePlace();
  const unread = shell?.unreadNotificationCount ?? 0;
  const types = portal?.documentTypes ?? ["INVOICE", "ESTIMATE"];
  return (
    <header className="top-bar">
      <div className="inner">
        <NavLink className="brand-line" to={`/${slug}`} end aria-label={portal ? undefined : slug}>
          <BrandMark isNamed brand={{ name: portal?.name ?? slug, logo: portal?.logo }} />
          <span className="brand-name">{portal?.name}</span>
        </NavLink>
        <nav className="main-nav" aria-label={t("navigation")}>
          <Tab to={`/${slug}`} end icon="home">
            {t("home")}
          </Tab>
          {types.includes("INVOICE") && (
            <Tab to={`/${slug}/invoices`} icon="invoice">
              {t("invoices")}
            </Tab>
          )}
          {types.includes("ESTIMATE") && (
            <Tab to={`/${slug}/estimates`} icon="estimate">
              {t("estimates")}
            </Tab>
          )}
          <Tab to={`/${slug}/statement`} icon="statement">
            {t("statement")}
          </Tab>
        </nav>
        <div className="top-end">
          <NavLink className="bell" to={`/${slug}/notifications`} aria-label={t("newsCount", { count: unread })}>
            <Icon name="bell" />
            {unread > 0 && <span className="count">{unread > 99 ? "99+" : unread}</span>}
          </NavLink>
          <AccountMenu />
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

/** Live updates for all pages: documents change in place, news are announced and counted. */
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
