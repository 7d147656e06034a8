import { useState } from "react";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { BrandMark } from "../session/Gate";
import { Button, Checkbox, FailedState, Form, Notice, PageHeader, Skeleton, StatusBadge, TextField, toast } from "../ui";
import { SettingsPageDocument, UpdatePortalSettingsDocument, type PortalDocumentType, type SettingsFragment, type SettingsPageQuery, type StaffNotice } from "./gql/graphql";
import { useShell } from "./shell";
import { useStaffText } from "./text";

const TYPES: readonly PortalDocumentType[] = ["INVOICE", "ESTIMATE"];
const NOTICES: readonly StaffNotice[] = ["VIEWED", "COMMENTED", "ACCEPTED", "DECLINED", "PAID"];

/** How the portal looks to clients and what they may do there, with a preview; and who is on the team. */
export function Settings() {
  const t = useStaffText();
  const [{ data, error }, ask] = useQuery({ query: SettingsPageDocument, requestPolicy: "cache-and-network" });
  if (!data) return error ? <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} /> : <Skeleton lines={8} />;
  const portal = data.organisation?.portal;
  return (
    <>
      <PageHeader title={t("portalSettings")} />
      {portal?.enabled ? <Edit key={portal.slug} portal={portal} /> : <Notice look="warn">{t("portalOff")}</Notice>}
      <Team rows={data.staffMembers?.nodes ?? []} />
    </>
  );
}

function Edit({ portal }: { portal: SettingsFragment }) {
  const core = useText();
  const t = useStaffText();
  const me = useShell()?.me;
  const isOwner = !!me && "role" in me && me.role === "OWNER";
  const [name, setName] = useState(portal.name);
  const [banner, setBanner] = useState(portal.bannerMessage ?? "");
  const [types, setTypes] = useState(portal.documentTypes);
  const [notices, setNotices] = useState(portal.notifyStaffOf ?? []);
  const [forwarding, setForwarding] = useState(portal.forwardingAllowed);
  const [editing, setEditing] = useState(portal.clientsMayEdit);
  const update = useAction(UpdatePortalSettingsDocument);
  const submit = async (): Promise<void> => {
    const input = {
      name,
      bannerMessage: banner || null,
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
        <Form onSubmit={() => void submit()} errors={update.errors} fields={["name", "bannerMessage"]}>
          {!isOwner && <Notice>{t("ownersOnly")}</Notice>}
          <TextField label={t("portalName")} name="name" isRequired isDisabled={!isOwner} value={name} onChange={setName} />
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
      <Preview name={name} logo={portal.logo} banner={banner} slug={portal.slug} />
    </div>
  );
}

/** What clients will be greeted by, while it is typed. */
function Preview({ name, logo, banner, slug }: { name: string; logo: string | null | undefined; banner: string; slug: string }) {
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

function Team({ rows }: { rows: NonNullable<SettingsPageQuery["staffMembers"]>["nodes"] }) {
  const t = useStaffText();
  return (
    <section className="section">
      <div className="section-head">
        <h2>{t("team")}</h2>
      </div>
      <div className="card flush">
        <ul className="rows">
          {rows.map((row) => (
            <li key={row.id} className="person-row">
              <span className="row-main">
                <bdi className="row-title">{row.name}</bdi>
                <span className="row-sub">
                  <bdi>{row.email}</bdi>
                </span>
              </span>
              {row.role && <StatusBadge look="neutral">{t(`role.${row.role}`)}</StatusBadge>}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
