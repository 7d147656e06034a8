import { useState } from "react";
import { useParams } from "react-router";
import { useQuery } from "urql";
import { useAction, type Refusal } from "../graphql/action";
import { useText } from "../i18n/core";
import { useFormat } from "../i18n/format";
import { useLanguage } from "../i18n/text";
import { Button, ButtonLink, Checkbox, Dialog, Errors, FailedState, Form, Money, PageHeader, Skeleton, StatusBadge, TextField, toast, type BadgeLook } from "../ui";
import { Section } from "./Dashboard";
import {
  AddContactDocument,
  CustomerPageDocument,
  DisableContactDocument,
  EnableContactDocument,
  InviteContactsDocument,
  ResendInviteDocument,
  RevokeInviteDocument,
  type AccessStatus,
  type ContactRowFragment,
} from "./gql/graphql";
import { InvoiceRows } from "./rows";
import { useMayWrite } from "./shell";
import { NoSuchPage } from "./StaffPages";
import { useStaffText } from "./text";

const ACCESS: Record<AccessStatus, BadgeLook> = {
  NOT_INVITED: "neutral",
  INVITED: "info",
  ACCEPTED: "good",
  EXPIRED: "warn",
  REVOKED: "neutral",
  DISABLED: "bad",
  ERASED: "neutral",
};
const INVITABLE: ReadonlySet<AccessStatus> = new Set(["NOT_INVITED", "REVOKED", "EXPIRED"]);

/** A client company, the people there and their access to the portal. */
export function ClientPage() {
  const { id = "" } = useParams();
  const t = useStaffText();
  const mayWrite = useMayWrite();
  const [{ data, error }, ask] = useQuery({ query: CustomerPageDocument, variables: { id }, requestPolicy: "cache-and-network" });
  const again = (): void => ask({ requestPolicy: "network-only" });
  const customer = data?.customer;
  if (!customer) return error ? error.networkError ? <FailedState onRetry={again} /> : <NoSuchPage /> : <Skeleton lines={8} />;
  const owed = customer.outstanding ?? [];
  const invoices = customer.invoices?.nodes ?? [];
  return (
    <>
      <PageHeader title={customer.name} back={{ to: "/staff/clients", label: t("clients") }}>
        {mayWrite && (
          <ButtonLink to={`/staff/invoices/new?client=${customer.id}`} look="primary" icon="invoice">
            {t("writeInvoice")}
          </ButtonLink>
        )}
      </PageHeader>
      {owed.length > 0 && (
        <div className="owed-row">
          {owed.map((row) => (
            <section className="card owed" key={row.currency}>
              <p className="label muted">{t("outstanding")}</p>
              <p className="owed-amount">
                <Money value={row.balance} />
              </p>
            </section>
          ))}
        </div>
      )}
      <People customerId={customer.id} rows={customer.contacts.nodes} onChange={again} />
      <Section title={t("invoices")}>
        {invoices.length > 0 ? <InvoiceRows rows={invoices} label={t("invoices")} /> : <p className="quiet-line">{t("noInvoices")}</p>}
      </Section>
    </>
  );
}

function People({ customerId, rows, onChange }: { customerId: string; rows: readonly ContactRowFragment[]; onChange: () => void }) {
  const t = useStaffText();
  const mayWrite = useMayWrite();
  const [isAdding, setAdding] = useState(false);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const invite = useAction(InviteContactsDocument);
  const open = rows.filter((row) => row.status && INVITABLE.has(row.status));
  const inviteAll = async (ids: string[]): Promise<void> => {
    const done = await invite.run({ contactIds: ids });
    const failed = done?.results?.flatMap((one) => one.userError ?? []) ?? [];
    setRefused(failed);
    const sent = (done?.results?.length ?? 0) - failed.length;
    if (sent > 0) toast(t("invitedToast", { count: sent }));
  };
  return (
    <section className="section">
      <div className="section-head">
        <h2>{t("contacts")}</h2>
        {mayWrite && (
          <span className="head-actions">
            {open.length > 1 && (
              <Button icon="send" busy={invite.busy} onPress={() => void inviteAll(open.map((row) => row.id))}>
                {t("inviteAll")}
              </Button>
            )}
            <Button icon="plus" onPress={() => setAdding(true)}>
              {t("addContact")}
            </Button>
          </span>
        )}
      </div>
      <Errors errors={[...invite.errors, ...refused]} />
      <div className="card flush">
        {rows.length === 0 && <p className="quiet-line">{t("noContacts")}</p>}
        <ul className="rows">
          {rows.map((row) => (
            <ContactLine key={row.id} row={row} isBusy={invite.busy} onInvite={() => void inviteAll([row.id])} />
          ))}
        </ul>
      </div>
      {isAdding && <AddContact customerId={customerId} onClose={() => setAdding(false)} onDone={onChange} />}
    </section>
  );
}

function ContactLine({ row, isBusy, onInvite }: { row: ContactRowFragment; isBusy: boolean; onInvite: () => void }) {
  const t = useStaffText();
  const format = useFormat();
  const mayWrite = useMayWrite();
  const resend = useAction(ResendInviteDocument);
  const revoke = useAction(RevokeInviteDocument);
  const disable = useAction(DisableContactDocument);
  const enable = useAction(EnableContactDocument);
  const act = async (work: Promise<unknown>, said: string): Promise<void> => {
    if (await work) toast(said);
  };
  const status = row.status ?? "NOT_INVITED";
  const input = { id: row.id };
  return (
    <li className="person-row">
      <span className="row-main">
        <span className="title-line">
          <bdi className="row-title">{row.name}</bdi>
          <StatusBadge look={ACCESS[status]}>{t(`access.${status}`)}</StatusBadge>
        </span>
        <span className="row-sub">
          <bdi>{row.email}</bdi>
          {row.jobTitle && <> · {row.jobTitle}</>}
          {row.isPrimary && <> · {t("main")}</>}
          {status === "INVITED" && row.inviteExpiresAt && <> · {t("inviteUntil", { date: format.moment(row.inviteExpiresAt) })}</>}
        </span>
        <Errors errors={[...resend.errors, ...revoke.errors, ...disable.errors, ...enable.errors]} />
      </span>
      {mayWrite && (
        <span className="row-actions">
          {INVITABLE.has(status) && (
            <Button icon="send" busy={isBusy} onPress={onInvite} aria-label={`${t("invite")}: ${row.name}`}>
              {t("invite")}
            </Button>
          )}
          {status === "INVITED" && (
            <>
              <Button busy={resend.busy} onPress={() => void act(resend.run(input), t("resentToast"))} aria-label={`${t("resend")}: ${row.name}`}>
                {t("resend")}
              </Button>
              <Button look="danger" busy={revoke.busy} onPress={() => void act(revoke.run(input), t("doneToast"))} aria-label={`${t("revoke")}: ${row.name}`}>
                {t("revoke")}
              </Button>
            </>
          )}
          {status === "ACCEPTED" && (
            <Button look="danger" busy={disable.busy} onPress={() => void act(disable.run(input), t("doneToast"))} aria-label={`${t("disable")}: ${row.name}`}>
              {t("disable")}
            </Button>
          )}
          {status === "DISABLED" && (
            <Button busy={enable.busy} onPress={() => void act(enable.run(input), t("doneToast"))} aria-label={`${t("enable")}: ${row.name}`}>
              {t("enable")}
            </Button>
          )}
        </span>
      )}
    </li>
  );
}

function AddContact({ customerId, onClose, onDone }: { customerId: string; onClose: () => void; onDone: () => void }) {
  const core = useText();
  const t = useStaffText();
  const language = useLanguage();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [jobTitle, setJobTitle] = useState("");
  const [isPrimary, setPrimary] = useState(false);
  const add = useAction(AddContactDocument);
  const submit = async (): Promise<void> => {
    if (!(await add.run({ customerId, name, email, language, jobTitle: jobTitle || null, isPrimary }))) return;
    toast(t("createdToast", { name }));
    onClose();
    onDone();
  };
  return (
    <Dialog title={t("addContact")} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={add.errors} fields={["name", "email", "jobTitle"]} fieldOf={{ EMAIL_TAKEN: "email" }}>
        <TextField label={t("name")} name="name" isRequired value={name} onChange={setName} autoFocus />
        <TextField label={core("email")} name="email" type="email" isRequired value={email} onChange={setEmail} />
        <TextField label={t("jobTitle")} name="jobTitle" isRequired={false} value={jobTitle} onChange={setJobTitle} />
        <Checkbox isSelected={isPrimary} onChange={setPrimary}>
          {t("main")}
        </Checkbox>
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look="primary" busy={add.busy}>
            {t("addContact")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
