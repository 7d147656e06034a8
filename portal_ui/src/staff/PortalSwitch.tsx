import { useState } from "react";
import { useAction } from "../graphql/action";
import { Button, Form, Notice, TextField, toast } from "../ui";
import { Confirm } from "./actions";
import { DisablePortalDocument, EnablePortalDocument, type SettingsFragment } from "./gql/graphql";
import { useIsOwner } from "./shell";
import { useStaffText } from "./text";

/** Switch the portal on, for the first time or again: it needs a name and an address. */
export function EnablePortal({ before, name: organisation }: { before: SettingsFragment | null | undefined; name: string }) {
  const t = useStaffText();
  const isOwner = useIsOwner();
  const [name, setName] = useState(before?.name ?? organisation);
  const [slug, setSlug] = useState(before?.slug ?? "");
  const enable = useAction(EnablePortalDocument);
  const submit = async (): Promise<void> => {
    const kept = before ? { bannerMessage: before.bannerMessage ?? null, logo: before.logo ?? null } : {};
    if (await enable.run({ name, slug, ...kept })) toast(t("portalIsOn"));
  };
  return (
    <section className="card form">
      <Notice look="warn">{t("portalOff")}</Notice>
      {isOwner ? (
        <Form onSubmit={() => void submit()} errors={enable.errors} fields={["name", "slug"]}>
          <TextField label={t("portalName")} name="name" isRequired value={name} onChange={setName} />
          <TextField label={t("address")} hint={t("slugHint", { address: `${location.origin}/${slug || "…"}` })} name="slug" isRequired value={slug} onChange={setSlug} />
          <div>
            <Button type="submit" look="primary" busy={enable.busy}>
              {t("enablePortal")}
            </Button>
          </div>
        </Form>
      ) : (
        <p className="muted">{t("ownersOnly")}</p>
      )}
    </section>
  );
}

/** Switch the portal off, after asking. */
export function DisablePortal({ portal }: { portal: SettingsFragment }) {
  const t = useStaffText();
  const isOwner = useIsOwner();
  const [isAsking, setAsking] = useState(false);
  const disable = useAction(DisablePortalDocument);
  if (!isOwner) return null;
  return (
    <section className="section">
      <div className="section-head">
        <h2>{t("disablePortal")}</h2>
      </div>
      <div className="card form">
        <p className="muted">{t("disableText")}</p>
        <div>
          <Button look="danger" onPress={() => setAsking(true)}>
            {t("disablePortal")}
          </Button>
        </div>
      </div>
      {isAsking && (
        <Confirm
          action={disable}
          input={{}}
          look="danger"
          title={t("disableTitle", { portal: portal.name })}
          text={t("disableText")}
          confirm={t("disablePortal")}
          said={t("portalIsOff")}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
