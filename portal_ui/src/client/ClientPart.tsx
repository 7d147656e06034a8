import { useState } from "react";
import { Navigate, Route, Routes, useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { Provider } from "urql";
import type { PortalConfig } from "../config";
import { useText } from "../i18n/core";
import { loadCore } from "../i18n/core";
import { bestLanguage, chosenLanguage, type Language } from "../i18n/languages";
import { Speaking } from "../i18n/text";
import { AcceptInvite } from "../session/AcceptInvite";
import { Gate, useFrontDoor } from "../session/Gate";
import type { TokensFragment } from "../session/gql/graphql";
import { LogIn } from "../session/LogIn";
import { ForgottenPassword, ResetPassword } from "../session/passwords";
import { session, useSession } from "../session/session";
import { useLinkToken } from "../session/token";
import { EmptyState, FailedState } from "../ui";
import { ClientPages } from "./ClientPages";

/** Everything under `/{slug}`: the pages of a client, and those by which clients get in. */
export default function ClientPart({ config }: { config: PortalConfig }) {
  const { slug = "" } = useParams();
  const state = useSession();
  const isClient = state.status === "in" && state.person.__typename === "Contact";
  return (
    <Routes>
      {["log-in", "accept-invite", "forgot-password", "reset-password"].map((page) => (
        <Route
          key={page}
          path={page}
          element={
            <Provider value={session.anybody}>
              <Doors slug={slug} page={page} />
            </Provider>
          }
        />
      ))}
      <Route
        path="*"
        element={isClient ? <ClientPages config={config} slug={slug} person={state.person} /> : <ToLogIn slug={slug} />}
      />
    </Routes>
  );
}

function ToLogIn({ slug }: { slug: string }) {
  const place = useLocation();
  const state = useSession();
  const query = new URLSearchParams({ to: place.pathname + place.search });
  if (state.status === "out" && state.ended) query.set("ended", "");
  return <Navigate to={`/${slug}/log-in?${query}`} replace />;
}

/** The pages for who is not logged in, under the portal's own name. */
function Doors({ slug, page }: { slug: string; page: string }) {
  const t = useText();
  const { portal, error, ask } = useFrontDoor(slug);
  const [chosen, setChosen] = useState<Language | undefined>();
  if (portal === undefined) return error ? <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} /> : null;
  if (portal === null) {
    return (
      <main className="gate">
        <EmptyState isPage icon="home" title={t("notFound")}>
          <p>{t("whichPortalText")}</p>
        </EmptyState>
      </main>
    );
  }
  const language = chosen ?? bestLanguage([chosenLanguage(), ...navigator.languages, portal.locale]);
  const brand = { name: portal.name, logo: portal.logo, banner: portal.bannerMessage };
  return (
    <Speaking language={language} load={loadCore}>
      <Door slug={slug} page={page} brand={brand} language={language} onLanguage={setChosen} />
    </Speaking>
  );
}

function Door({ slug, page, ...frame }: {
  slug: string;
  page: string;
  brand: { name: string; logo: string | null | undefined; banner: string | null | undefined };
  language: Language;
  onLanguage: (language: Language) => void;
}) {
  const t = useText();
  const go = useNavigate();
  const token = useLinkToken();
  const [query] = useSearchParams();
  const state = useSession();
  const logInPage = `/${slug}/log-in`;
  const target = placeWithin(slug, query.get("to"));
  const enter = (tokens: TokensFragment): void => {
    session.enter(tokens);
    void go(target, { replace: true });
  };
  switch (page) {
    case "accept-invite":
      return (
        <Gate {...frame} title={t("inviteTitle", { portal: frame.brand.name })}>
          <AcceptInvite token={token} logInPage={logInPage} onDone={enter} />
        </Gate>
      );
    case "forgot-password":
      return (
        <Gate {...frame} title={t("resetTitle")}>
          <ForgottenPassword where={{ portal: slug }} logInPage={logInPage} />
        </Gate>
      );
    case "reset-password":
      return (
        <Gate {...frame} title={t("chooseTitle")}>
          <ResetPassword token={token} onDone={() => void go(`${logInPage}?changed`, { replace: true })} />
        </Gate>
      );
    default: {
      if (state.status === "in" && state.person.__typename === "Contact") return <Navigate to={target} replace />;
      const notice = query.has("ended") ? t("sessionEnded") : query.has("changed") ? t("passwordIsNew") : undefined;
      return (
        <Gate {...frame} title={t("logInTo", { portal: frame.brand.name })}>
          <LogIn where={{ portal: slug }} forgotten={`/${slug}/forgot-password`} notice={notice} onDone={enter} />
        </Gate>
      );
    }
  }
}

/** Where to go after logging in: only to pages of this portal. */
function placeWithin(slug: string, to: string | null): string {
  const home = `/${slug}`;
  return to && (to === home || to.startsWith(`${home}/`)) ? to : home;
}
