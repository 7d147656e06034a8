import "./client.css";
import { lazy, Suspense } from "react";
import { Navigate, Outlet, Route, Routes, useLocation } from "react-router";
import { useQuery } from "urql";
import type { PortalConfig } from "../config";
import { loadCore, useText } from "../i18n/core";
import { bestLanguage, chosenLanguage } from "../i18n/languages";
import { Speaking } from "../i18n/text";
import { Signed } from "../session/Signed";
import type { Person } from "../session/session";
import { ButtonLink, EmptyState, Skeleton, useTitle } from "../ui";
import { ShellDocument } from "./gql/graphql";
import { Home } from "./Home";
import { EstimateList, InvoiceList } from "./lists";
import { Shell, usePlace } from "./shell";
import { loadClient } from "./text";

const InvoicePage = lazy(() => import("./InvoicePage"));
const EstimatePage = lazy(() => import("./EstimatePage"));
const PayPage = lazy(() => import("./pay/PayPage"));
const PaymentPage = lazy(() => import("./pay/PaymentPage"));
const BackFromBank = lazy(() => import("./pay/BackFromBank"));
const StatementPage = lazy(() => import("./StatementPage"));
const FeedPage = lazy(() => import("./FeedPage"));
const AccountPages = lazy(() => import("./account/AccountPages"));

/** The pages of a client who is logged in, in the language of the account. */
export function ClientPages({ config, slug, person }: { config: PortalConfig; slug: string; person: Person }) {
  const language = bestLanguage([person.language, chosenLanguage(), ...navigator.languages]);
  return (
    <Speaking language={language} load={loadCore}>
      <Speaking language={language} load={loadClient}>
        <Signed config={config} person={person}>
          <Routes>
            <Route element={<Shell slug={slug} />}>
              <Route element={<Own />}>
                <Route index element={<Home />} />
                <Route path="invoices" element={<InvoiceList />} />
                <Route path="estimates" element={<EstimateList />} />
                <Route path="invoices/:id" element={<Part page={InvoicePage} />} />
                <Route path="invoices/:id/pay" element={<Suspense fallback={<Skeleton />}><PayPage config={config} /></Suspense>} />
                <Route path="invoices/:id/pay/back" element={<Part page={BackFromBank} />} />
                <Route path="payments/:id" element={<Part page={PaymentPage} />} />
                <Route path="estimates/:id" element={<Part page={EstimatePage} />} />
                <Route path="statement" element={<Part page={StatementPage} />} />
                <Route path="notifications" element={<Part page={FeedPage} />} />
                <Route path="account/*" element={<Suspense fallback={<Skeleton />}><AccountPages config={config} /></Suspense>} />
                <Route path="*" element={<NoSuchPage />} />
              </Route>
            </Route>
          </Routes>
        </Signed>
      </Speaking>
    </Speaking>
  );
}

/** Keeps somebody of one portal out of the address of another: their documents are under their own. */
function Own() {
  const { slug, portal } = usePlace();
  const place = useLocation();
  if (!portal || portal.slug === slug) return <Outlet />;
  return <Navigate to={place.pathname.replace(/^\/[^/]+/, `/${portal.slug}`)} replace />;
}

function Part({ page: Page }: { page: React.ComponentType }) {
  return (
    <Suspense fallback={<Skeleton />}>
      <Page />
    </Suspense>
  );
}

export function NoSuchPage() {
  const t = useText();
  const { to } = usePlace();
  useQuery({ query: ShellDocument }); // no other question brings the frame along here
  useTitle(t("notFound"));
  return (
    <EmptyState isPage icon="info" title={t("notFound")}>
      <p>{t("notFoundText")}</p>
      <ButtonLink to={to("")}>{t("goHome")}</ButtonLink>
    </EmptyState>
  );
}
