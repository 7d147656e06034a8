import "../client/client.css";
import "./staff.css";
import { Route, Routes } from "react-router";
import type { PortalConfig } from "../config";
import { loadCore, useText } from "../i18n/core";
import { bestLanguage, chosenLanguage } from "../i18n/languages";
import { Speaking } from "../i18n/text";
import { Signed } from "../session/Signed";
import type { Person } from "../session/session";
import { ButtonLink, EmptyState } from "../ui";
import { AccountPages } from "./AccountPages";
import { ClientPage } from "./ClientPage";
import { Clients } from "./Clients";
import { Dashboard } from "./Dashboard";
import { EditDraft, NewDraft } from "./Editor";
import { EstimatePage } from "./EstimatePage";
import { InvoicePage } from "./InvoicePage";
import { EstimateList, InvoiceList } from "./lists";
import { Settings } from "./Settings";
import { Shell } from "./shell";
import { loadStaff } from "./text";

/** The pages of somebody of the business who is logged in, in the language of the account. */
export function StaffPages({ config, person }: { config: PortalConfig; person: Person }) {
  const language = bestLanguage([person.language, chosenLanguage(), ...navigator.languages]);
  return (
    <Speaking language={language} load={loadCore}>
      <Speaking language={language} load={loadStaff}>
        <Signed config={config} person={person}>
          <Routes>
            <Route element={<Shell />}>
              <Route index element={<Dashboard />} />
              <Route path="invoices" element={<InvoiceList />} />
              <Route path="invoices/new" element={<NewDraft kind="invoice" />} />
              <Route path="invoices/:id" element={<InvoicePage />} />
              <Route path="invoices/:id/edit" element={<EditDraft kind="invoice" />} />
              <Route path="estimates" element={<EstimateList />} />
              <Route path="estimates/new" element={<NewDraft kind="estimate" />} />
              <Route path="estimates/:id" element={<EstimatePage />} />
              <Route path="estimates/:id/edit" element={<EditDraft kind="estimate" />} />
              <Route path="clients" element={<Clients />} />
              <Route path="clients/:id" element={<ClientPage />} />
              <Route path="settings" element={<Settings />} />
              <Route path="account/*" element={<AccountPages />} />
              <Route path="*" element={<NoSuchPage />} />
            </Route>
          </Routes>
        </Signed>
      </Speaking>
    </Speaking>
  );
}

export function NoSuchPage() {
  const t = useText();
  return (
    <EmptyState icon="info" title={t("notFound")}>
      <p>{t("notFoundText")}</p>
      <ButtonLink to="/staff">{t("goHome")}</ButtonLink>
    </EmptyState>
  );
}
