import { useState } from "react";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { useFormat } from "../i18n/format";
import { LANGUAGES } from "../i18n/languages";
import { useLanguage } from "../i18n/text";
import { Button, Dialog, Errors, Form, MoreRows, Select, StatusBadge, TextField, toast, type BadgeLook } from "../ui";
import { Confirm } from "./actions";
import {
  DeactivateStaffDocument,
  InviteStaffDocument,
  ReactivateStaffDocument,
  ResendInviteDocument,
  RevokeInviteDocument,
  type AccessStatus,
  type StaffRole,
  type StaffRowFragment,
} from "./gql/graphql";
import { EditColleague } from "./EditColleague";
import { RoleField } from "./RoleField";
import { useIsOwner, useShell } from "./shell";
import { useStaffText } from "./text";

const ACCESS: Partial<Record<AccessStatus, BadgeLook>> = { INVITED: "info", EXPIRED: "warn", REVOKED: "warn", DISABLED: "bad" };

interface More {
  readonly hasMore: boolean;
  readonly busy: boolean;
  readonly load: () => void;
}

/** Who works for the business here, and what each of them may do. */
export function Team({ rows, more, ask }: { rows: readonly StaffRowFragment[]; more: More; ask: () => void }) {
  const t = useStaffText();
  const isOwner = useIsOwner();
  const [isInviting, setInviting] = useState(false);
  return (
    <section className="section">
      <div className="section-head">
        <h2>{t("team")}</h2>
        {isOwner && (
          <span className="head-actions">
            <Button icon="plus" onPress={() => setInviting(true)}>
              {t("inviteColleague")}
            </Button>
          </span>
        )}
      </div>
      <div className="card flush">
        <ul className="rows" aria-label={t("team")}>
          {rows.map((row) => (
            <Colleague key={row.id} row={row} mayChange={isOwner} />
          ))}
        </ul>
        {more.hasMore && <MoreRows busy={more.busy} onReach={more.load} />}
      </div>
      {isInviting && <InviteColleague onClose={() => setInviting(false)} onDone={ask} />}
    </section>
  );
}

function Colleague({ row, mayChange }: { row: StaffRowFragment; mayChange: boolean }) {
  const t = useStaffText();
  const format = useFormat();
  const me = useShell()?.me;
  const status = row.status ?? "ACCEPTED";
  const look = ACCESS[status];
  return (
    <li className="person-row">
      <span className="row-main">
        <span className="title-line">
          <bdi className="row-title">{row.name}</bdi>
          {row.role && <StatusBadge look="neutral">{t(`role.${row.role}`)}</StatusBadge>}
          {look && <StatusBadge look={look}>{t(`access.${status}`)}</StatusBadge>}
        </span>
        <span className="row-sub">
          <bdi>{row.email}</bdi>
          {status === "INVITED" && row.inviteExpiresAt && <> · {t("inviteUntil", { date: format.moment(row.inviteExpiresAt) })}</>}
          {row.id === me?.id && <> · {t("thatIsYou")}</>}
        </span>
      </span>
      {mayChange && <ColleagueActions row={row} status={status} isMe={row.id === me?.id} />}
    </li>
  );
}

function ColleagueActions({ row, status, isMe }: { row: StaffRowFragment; status: AccessStatus; isMe: boolean }) {
  const t = useStaffText();
  const [step, setStep] = useState<"edit" | "disable">();
  const resend = useAction(ResendInviteDocument);
  const revoke = useAction(RevokeInviteDocument);
  const disable = useAction(DeactivateStaffDocument);
  const enable = useAction(ReactivateStaffDocument);
  const act = async (work: Promise<unknown>, said: string): Promise<void> => {
    if (await work) toast(said);
  };
  const input = { id: row.id };
  const close = (): void => setStep(undefined);
  return (
    <span className="row-actions">
      {(status === "INVITED" || status === "EXPIRED" || status === "REVOKED") && (
        <Button busy={resend.busy} onPress={() => void act(resend.run(input), t("resentToast"))} aria-label={`${t("resend")}: ${row.name}`}>
          {t("resend")}
        </Button>
      )}
      {status === "INVITED" && (
        <Button look="danger" busy={revoke.busy} onPress={() => void act(revoke.run(input), t("doneToast"))} aria-label={`${t("revoke")}: ${row.name}`}>
          {t("revoke")}
        </Button>
      )}
      {status !== "DISABLED" && (
        <Button icon="edit" onPress={() => setStep("edit")} aria-label={`${t("edit")}: ${row.name}`}>
          {t("edit")}
        </Button>
      )}
      {status === "ACCEPTED" && !isMe && (
        <Button look="danger" onPress={() => setStep("disable")} aria-label={`${t("disable")}: ${row.name}`}>
          {t("disable")}
        </Button>
      )}
      {status === "DISABLED" && (
        <Button busy={enable.busy} onPress={() => void act(enable.run(input), t("doneToast"))} aria-label={`${t("enable")}: ${row.name}`}>
          {t("enable")}
        </Button>
      )}
      <Errors errors={[...resend.errors, ...revoke.errors, ...enable.errors]} />
      {step === "edit" && <EditColleague row={row} hasFactor={status === "ACCEPTED" && !isMe} onClose={close} />}
      {step === "disable" && (
        <Confirm
          action={disable}
          input={input}
          look="danger"
          title={t("disableColleagueTitle", { name: row.name })}
          text={t("disableColleagueText")}
          confirm={t("disable")}
          said={t("doneToast")}
          onClose={close}
        />
      )}
    </span>
  );
}

function InviteColleague({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const core = useText();
  const t = useStaffText();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<StaffRole>("ACCOUNTANT");
  const [language, setLanguage] = useState<string>(useLanguage());
  const invite = useAction(InviteStaffDocument);
  const submit = async (): Promise<void> => {
    if (!(await invite.run({ name, email, role, language }))) return;
    toast(t("invitedToast", { count: 1 }));
    onDone();
    onClose();
  };
  return (
    <Dialog title={t("inviteColleague")} isOpen onClose={onClose}>
      <Form onSubmit={() => void submit()} errors={invite.errors} fields={["name", "email", "role", "language"]} fieldOf={{ EMAIL_TAKEN: "email" }}>
        <TextField label={t("name")} name="name" isRequired value={name} onChange={setName} autoFocus />
        <TextField label={core("email")} name="email" type="email" isRequired value={email} onChange={setEmail} />
        <RoleField value={role} onChange={setRole} />
        <Select
          label={t("languageOfInvite")}
          name="language"
          value={language}
          onChange={setLanguage}
          options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
        <div className="dialog-actions">
          <Button onPress={onClose}>{core("cancel")}</Button>
          <Button type="submit" look="primary" busy={invite.busy}>
            {t("invite")}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
