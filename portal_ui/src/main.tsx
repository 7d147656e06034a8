import "./ui/tokens.css";
import "./ui/base.css";
import "./ui/ui.css";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { loadConfig, type PortalConfig } from "./config";
import { loadCore, useText } from "./i18n/core";
import { bestLanguage, chosenLanguage } from "./i18n/languages";
import { Speaking } from "./i18n/text";
import { session } from "./session/session";
import { EmptyState } from "./ui";
import { Failure } from "./ui/Failure";
import { Toasts } from "./ui/Toast";

const ClientPart = lazy(() => import("./client/ClientPart"));
const StaffPart = lazy(() => import("./staff/StaffPart"));

function Portal({ config }: { config: PortalConfig }) {
  return (
    <Speaking language={bestLanguage([chosenLanguage(), ...navigator.languages])} load={loadCore}>
      <Failure>
        <Suspense>
          <Routes>
            <Route path="/" element={config.slug ? <Navigate to={`/${config.slug}`} replace /> : <WhichPortal />} />
            <Route path="/staff/*" element={<StaffPart config={config} />} />
            <Route path="/:slug/*" element={<ClientPart config={config} />} />
          </Routes>
        </Suspense>
      </Failure>
    </Speaking>
  );
}

function WhichPortal() {
  const t = useText();
  return (
    <main className="gate">
      <EmptyState isPage icon="home" title={t("whichPortal")}>
        <p>{t("whichPortalText")}</p>
      </EmptyState>
    </main>
  );
}

async function start(): Promise<void> {
  const config = await loadConfig();
  await session.start(config);
  const root = document.getElementById("root");
  if (!root) return;
  sessionStorage.removeItem("portal.again");
  createRoot(root).render(
    <StrictMode>
      <BrowserRouter>
        <Portal config={config} />
        <Toasts />
      </BrowserRouter>
    </StrictMode>,
  );
}

void start();
