import { useState } from "react";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { BrandMark } from "../session/Gate";
import { Button, Checkbox, FailedState, Form, Notice, PageHeader, Skeleton, TextField, toast } from "../ui";
import { SettingsPageDocument, UpdatePortalSettingsDocument, type PortalDocumentType, type SettingsFragment, type StaffNotice } from "./gql/graphql";
import { useMore } from "./lists";
import { LogIns } from "./LogIns";
import { LogoField } from "./LogoField";
import { DisablePortal, EnablePortal } from "./PortalSwitch";
import { useIsOwner } from "./shell";
import { Team } from "./Team";
import { useStaffText } from "./text";

const TYPES: readonly PortalDocumentType[] = ["INVOICE", "ESTIMATE"];
const NOTICES: readonly StaffNotice[] = ["VIEWED", "COMMENTED", "ACCEPTED", "DECLINED", "PAID"];

const FIRST = { first: 20 };

/** How the portal looks to clients and what they may do there, with a preview; and who is on the team. */
export function Settings() {
  const t = useStaffText();
  const [{ data, error }, ask] = useQuery({ query: SettingsPageDocument, variables: FIRST, requestPolicy: "cache-and-network" });
  const more = useMore(SettingsPageDocument, FIRST, data?.staffMembers?.pageInfo);
  if (!data) return error ? <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} /> : <Skeleton lines={8} />;
  const portal = data.organisation?.portal;
  return (
    <>
      <PageHeader title={t("portalSettings")} />
      {portal?.enabled ? <Edit key={portal.slug} portal={portal} /> : <EnablePortal before={portal} name={data.organisation?.name ?? ""} />}
      <Team rows={data.staffMembers?.nodes ?? []} more={more} ask={() => ask({ requestPolicy: "network-only" })} />
      {data.organisation?.logInPolicy && <LogIns policy={data.organisation.logInPolicy} />}
      {portal?.enabled && <DisablePortal portal={portal} />}
    </>
  );
}

function Edit({ portal }: { portal: SettingsFragment }) {
  const core = useText();
  const t = useStaffText();
  const isOwner = useIsOwner();
  const [name, setName] = useState(portal.name);
  const [slug, setSlug] = useState(portal.slug);
  const [logo, setLogo] = useState(portal.logo ?? null);
  const [banner, setBanner] = useState(portal.bannerMessage ?? "");
  const [types, setTypes] = useState(portal.documentTypes);
  const [notices, setNotices] = useState(portal.notifyStaffOf ?? []);
  const [forwarding, setForwarding] = useState(portal.forwardingAllowed);
  const [editing, setEditing] = useState(portal.clientsMayEdit);
  const update = useAction(UpdatePortalSettingsDocument);
  const submit = async (): Promise<void> => {
    const input = {
      name,
      slug,
      bannerMessage: banner || null,
      ...(logo === (portal.logo ?? null) ? {} : { logo }),
      documentTypes: [...types],
      notifyStaffOf: [...notices],
      forwardingAllowed: forwarding,
      clientsMayEdit: editing,
    };
    if (await update.run(input)) toast(core("saved"));
  };
  return (
    <div className="editor">
      <section className="card">
        <Form onSubmit={() => void submit()} errors={update.errors} fields={["name", "slug", "bannerMessage", "logo"]}>
          {!isOwner && <Notice>{t("ownersOnly")}</Notice>}
          <TextField label={t("portalName")} name="name" isRequired isDisabled={!isOwner} value={name} onChange={setName} />
          <TextField
            label={t("address")}
            hint={t("addressHint")}
            name="slug"
            isRequired
            isDisabled={!isOwner}
            value={slug}
            onChange={setSlug}
          />
          <LogoField value={logo} name={name} isDisabled={!isOwner} onChange={setLogo} />
          <TextField
            label={t("banner")}
            hint={t("bannerHint")}
            name="bannerMessage"
            isRequired={false}
            isDisabled={!isOwner}
            lines={2}
            value={banner}
            onChange={setBanner}
          />
          <fieldset className="choices">
            <legend className="label">{t("shownTypes")}</legend>
            {TYPES.map((type) => (
              <Checkbox
                key={type}
                isDisabled={!isOwner}
                isSelected={types.includes(type)}
                onChange={(on) => setTypes(TYPES.filter((one) => (one === type ? on : types.includes(one))))}
              >
                {t(type === "INVOICE" ? "invoices" : "estimates")}
              </Checkbox>
            ))}
            <Checkbox isDisabled={!isOwner} isSelected={forwarding} onChange={setForwarding}>
              {t("forwardingAllowed")}
            </Checkbox>
            <Checkbox isDisabled={!isOwner} isSelected={editing} onChange={setEditing}>
              {t("clientsMayEdit")}
            </Checkbox>
          </fieldset>
          <fieldset className="choices">
            <legend className="label">{t("notifyOf")}</legend>
            {NOTICES.map((notice) => (
              <Checkbox
                key={notice}
                isDisabled={!isOwner}
                isSelected={notices.includes(notice)}
                onChange={(on) => setNotices(NOTICES.filter((one) => (one === notice ? on : notices.includes(one))))}
              >
                {t(`notice.${notice}`)}
              </Checkbox>
            ))}
          </fieldset>
          {isOwner && (
            <div>
              <Button type="submit" look="primary" busy={update.busy}>
                {core("save")}
              </Button>
            </div>
          )}
        </Form>
      </section>
      <Preview name={name} logo={logo} banner={banner} slug={slug} />
    </div>
  );
}

/** What clients will be greeted by, while it is typed. */
function Preview({ name, logo, banner, slug }: { name: string; logo: string | null; banner: string; slug: string }) {
  const core = useText();
  const t = useStaffText();
  return (
    <aside className="editor-side">
      <section className="card preview" aria-label={t("preview")}>
        <h2>{t("preview")}</h2>
        <p className="hint-line">{t("previewText")}</p>
        <div className="preview-frame">
          <BrandMark brand={{ name: name || "·", logo }} />
          <p className="preview-title" dir="auto">
            {core("logInTo", { portal: name })}
          </p>
          {banner && (
            <p className="muted" dir="auto">
              {banner}
            </p>
          )}
        </div>
        <p className="hint-line">
          {t("address")}: <bdi>{`${location.origin}/${slug}`}</bdi>
        </p>
      </section>
    </aside>
  );
}
