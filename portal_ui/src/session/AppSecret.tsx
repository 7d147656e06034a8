import { lazy, Suspense } from "react";
import { useText } from "../i18n/core";

/** Loaded when one is shown: no other page needs it. */
const QrCode = lazy(() => import("../ui/QrCode"));

/** What an authenticator app needs: as a code for its camera, as a text for who has none, as a link on the same device. */
export function AppSecret({ secret, uri }: { secret: string; uri: string }) {
  const t = useText();
  return (
    <div className="app-secret">
      <Suspense fallback={<div className="qr-code" />}>
        <QrCode text={uri} label={t("setUpCode")} />
      </Suspense>
      <dl>
        <dt className="label">{t("secret")}</dt>
        <dd className="secret" dir="ltr">
          {secret}
        </dd>
        <dd>
          <a href={uri}>{t("setUpLink")}</a>
        </dd>
      </dl>
    </div>
  );
}
