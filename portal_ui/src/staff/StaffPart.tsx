import { useState } from "react";
import { Navigate, Route, Routes, useLocation, useNavigate, useSearchParams } from "react-router";
import { Provider } from "urql";
import type { PortalConfig } from "../config";
import { loadCore, useText } from "../i18n/core";
import { bestLanguage, chosenLanguage, type Language } from "../i18n/languages";
import { Speaking } from "../i18n/text";
import { AcceptInvite } from "../session/AcceptInvite";
import { ConfirmEmail } from "../session/ConfirmEmail";
import { Gate } from "../session/Gate";
import type { TokensFragment } from "../session/gql/graphql";
import { LogIn } from "../session/LogIn";
import { ForgottenPassword, ResetPassword } from "../session/passwords";
import { session, useSession } from "../session/session";
import { Signed } from "../session/Signed";
import { useLinkToken } from "../session/token";
import { StaffPages } from "./StaffPages";
import { loadStaff, useStaffText } from "./text";

const DOORS = ["log-in", "accept-invite", "forgot-password", "reset-password", "confirm-email"];

/** Everything under `/staff`: the pages of the business's own people, and those by which they get in. */
export default function StaffPart({ config }: { config: PortalConfig }) {
  const state = useSession();
  const isStaff = state.status === "in" && state.person.__typename === "StaffMember";
  return (
    <Routes>
      {DOORS.map((page) => (
        <Route
          key={page}
          path={page}
          element={
            <Provider value={session.anybody}>
              <Doors page={page} config={config} />
            </Provider>
          }
        />
      ))}
      <Route path="*" element={isStaff ? <StaffPages config={config} person={state.person} /> : <ToLogIn />} />
    </Routes>
  );
}

function ToLogIn() {
  const place = useLocation();
  const state = useSession();
  const query = new URLSearchParams({ to: place.pathname + place.search });
  if (state.status === "out" && state.ended) query.set("ended", "");
  return <Navigate to={`/staff/log-in?${query}`} replace />;
}

function Doors({ page, config }: { page: string; config: PortalConfig }) {
  const [chosen, setChosen] = useState<Language>();
  const language = chosen ?? bestLanguage([chosenLanguage(), ...navigator.languages]);
  return (
    <Speaking language={language} load={loadCore}>
      <Speaking language={language} load={loadStaff}>
        <Door page={page} config={config} language={language} onLanguage={setChosen} />
      </Speaking>
    </Speaking>
  );
}

function Door({ page, config, language, onLanguage }: {
  page: string;
  config: PortalConfig;
  language: Language;
  onLanguage: (language: Language) => void;
}) {
  const core = useText();
  const t = useStaffText();
  const go = useNavigate();
  const token = useLinkToken();
  const [query] = useSearchParams();
  const state = useSession();
  const logInPage = "/staff/log-in";
  const target = placeWithin(query.get("to"));
  const frame = { brand: { name: core("portal") }, language, onLanguage };
  const enter = (tokens: TokensFragment): void => {
    session.enter(tokens);
    void go(target, { replace: true });
  };
  switch (page) {
    case "accept-invite":
      return (
        <Gate {...frame} title={core("inviteTitle", { portal: t("staffOf") })}>
          <AcceptInvite token={token} logInPage={logInPage} onDone={enter} />
        </Gate>
      );
    case "forgot-password":
      return (
        <Gate {...frame} title={core("resetTitle")}>
          <ForgottenPassword where={{}} logInPage={logInPage} />
        </Gate>
      );
    case "reset-password":
      return (
        <Gate {...frame} title={core("chooseTitle")}>
          <ResetPassword token={token} onDone={() => void go(`${logInPage}?changed`, { replace: true })} />
        </Gate>
      );
    case "confirm-email": {
      const person = state.status === "in" && state.person.__typename === "StaffMember" ? state.person : undefined;
      const done = async (): Promise<void> => {
        if (person) await session.refresh();
        void go(person ? "/staff" : `${logInPage}?confirmed`, { replace: true });
      };
      const form = <ConfirmEmail token={token} isIn={!!person} logInPage={logInPage} onDone={() => void done()} />;
      return (
        <Gate {...frame} title={core("confirmEmail")}>
          {person ? (
            <Signed config={config} person={person}>
              {form}
            </Signed>
          ) : (
            form
          )}
        </Gate>
      );
    }
    default: {
      if (state.status === "in" && state.person.__typename === "StaffMember") return <Navigate to={target} replace />;
      const notice = query.has("ended") ? core("sessionEnded") : query.has("changed") ? core("passwordIsNew") : query.has("confirmed") ? core("emailIsConfirmed") : undefined;
      return (
        <Gate {...frame} title={t("logInTitle")}>
          <LogIn where={{}} forgotten="/staff/forgot-password" notice={notice} onDone={enter} />
        </Gate>
      );
    }
  }
}

/** Where to go after logging in: only to pages of staff. */
function placeWithin(to: string | null): string {
  return to && (to === "/staff" || to.startsWith("/staff/")) ? to : "/staff";
}
