import { useState } from "react";
import { useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n/languages";
import { session } from "../session/session";
import { Button, FailedState, Form, Select, Skeleton, TextField, toast } from "../ui";
import { AccountPageDocument, UpdateAccountDocument, type AccountPageQuery } from "./gql/graphql";
import { useAccountText } from "./text";

export function Profile() {
  const [{ data, error }, ask] = useQuery({ query: AccountPageDocument });
  if (!data?.me) return error ? <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} /> : <Skeleton />;
  return <ProfileForm me={data.me} />;
}

function ProfileForm({ me }: { me: NonNullable<AccountPageQuery["me"]> }) {
  const core = useText();
  const t = useAccountText();
  const [values, setValues] = useState({ name: me.name, phone: me.phone ?? "", jobTitle: me.jobTitle ?? "", language: me.language ?? "en" });
  const update = useAction(UpdateAccountDocument);
  const set = (name: keyof typeof values) => (value: string) => setValues({ ...values, [name]: value });
  const submit = async (): Promise<void> => {
    if (!(await update.run(values))) return;
    if (values.language in LANGUAGES) chooseLanguage(values.language as Language);
    toast(core("saved"));
    await session.refresh();
  };
  const languages = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }));
  const isKnown = values.language in LANGUAGES;
  const own = new Intl.DisplayNames([values.language], { type: "language" }).of(values.language) ?? values.language;
  return (
    <section className="card">
      <Form onSubmit={() => void submit()} errors={update.errors} fields={["name", "phone", "jobTitle", "language"]}>
        <p className="muted">{t("profileText")}</p>
        <TextField label={t("name")} name="name" autoComplete="name" isRequired value={values.name} onChange={set("name")} />
        <TextField label={core("email")} name="email" type="email" isReadOnly value={me.email ?? ""} hint={t("emailFixed")} />
        <div className="pair">
          <TextField label={t("phone")} name="phone" type="tel" autoComplete="tel" isRequired={false} value={values.phone} onChange={set("phone")} />
          <TextField label={t("jobTitle")} name="jobTitle" autoComplete="organization-title" isRequired={false} value={values.jobTitle} onChange={set("jobTitle")} />
        </div>
        <Select
          label={t("languageOfMails")}
          name="language"
          value={values.language}
          onChange={set("language")}
          options={isKnown ? languages : [...languages, { value: values.language, label: own }]}
        />
        <div>
          <Button type="submit" look="primary" busy={update.busy}>
            {core("save")}
          </Button>
        </div>
      </Form>
    </section>
  );
}
