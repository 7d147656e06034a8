import { useState } from "react";
import { useQuery } from "urql";
import { useAction } from "../../graphql/action";
import { useText } from "../../i18n/core";
import { Button, Checkbox, FailedState, Form, Notice, Select, Skeleton, TextField, toast } from "../../ui";
import { CompanyPageDocument, UpdateCompanyDocument, type AddressFragment, type CompanyFragment } from "../gql/graphql";
import { AddressText } from "../Paper";
import { usePlace } from "../shell";
import { useClientText } from "../text";
import { useCountries } from "./countries";

export function Company() {
  const { portal } = usePlace();
  const [{ data, error }, ask] = useQuery({ query: CompanyPageDocument });
  const company = data?.me && "customer" in data.me ? data.me.customer : undefined;
  if (!company) return error ? <FailedState onRetry={() => ask({ requestPolicy: "network-only" })} /> : <Skeleton />;
  return portal?.clientsMayEdit === false ? <CompanyFacts company={company} /> : <CompanyForm company={company} />;
}

const TEXTS = ["name", "email", "phone", "website", "taxId", "registrationNumber"] as const;
const LINES = ["line1", "line2", "postalCode", "city", "region", "country"] as const;
type Lines = Record<(typeof LINES)[number], string>;

function CompanyForm({ company }: { company: CompanyFragment }) {
  const core = useText();
  const t = useClientText();
  const [texts, setTexts] = useState(() => Object.fromEntries(TEXTS.map((one) => [one, company[one] ?? ""])) as Record<(typeof TEXTS)[number], string>);
  const [billing, setBilling] = useState(() => linesOf(company.billingAddress));
  const [shipping, setShipping] = useState(() => linesOf(company.shippingAddress));
  const [hasShipping, setHasShipping] = useState(!!company.shippingAddress);
  const update = useAction(UpdateCompanyDocument);
  const set = (name: keyof typeof texts) => (value: string) => setTexts({ ...texts, [name]: value });
  const submit = async (): Promise<void> => {
    const done = await update.run({
      ...texts,
      billingAddress: addressOf(billing),
      shippingAddress: hasShipping ? addressOf(shipping) : null,
    });
    if (done) toast(core("saved"));
  };
  const places = ["billingAddress", "shippingAddress"].flatMap((one) => LINES.map((line) => `${one}.${line}`));
  return (
    <section className="card">
      <Form onSubmit={() => void submit()} errors={update.errors} fields={[...TEXTS, ...places]} fieldOf={ERRORS}>
        <TextField label={t("companyName")} name="name" autoComplete="organization" isRequired value={texts.name} onChange={set("name")} />
        <div className="pair">
          <TextField label={t("companyEmail")} name="email" type="email" isRequired={false} value={texts.email} onChange={set("email")} />
          <TextField label={t("phone")} name="phone" type="tel" isRequired={false} value={texts.phone} onChange={set("phone")} />
        </div>
        <TextField label={t("website")} name="website" isRequired={false} value={texts.website} onChange={set("website")} />
        <div className="pair">
          <TextField label={t("taxIdField")} name="taxId" isRequired={false} value={texts.taxId} onChange={set("taxId")} />
          <TextField label={t("registrationNumber")} name="registrationNumber" isRequired={false} value={texts.registrationNumber} onChange={set("registrationNumber")} />
        </div>
        <AddressFields legend={t("billingAddress")} name="billingAddress" value={billing} onChange={setBilling} />
        <Checkbox isSelected={hasShipping} onChange={setHasShipping}>
          {t("hasShipping")}
        </Checkbox>
        {hasShipping && <AddressFields legend={t("shippingAddress")} name="shippingAddress" value={shipping} onChange={setShipping} />}
        <div>
          <Button type="submit" look="primary" busy={update.busy}>
            {core("save")}
          </Button>
        </div>
      </Form>
    </section>
  );
}

const ERRORS = { INVALID_EMAIL: "email", INVALID_PHONE: "phone", INVALID_WEBSITE: "website" };

function AddressFields({ legend, name, value, onChange }: { legend: string; name: string; value: Lines; onChange: (value: Lines) => void }) {
  const t = useClientText();
  const countries = useCountries();
  const set = (line: keyof Lines) => (text: string) => onChange({ ...value, [line]: text });
  const field = (line: keyof Lines, isRequired: boolean) => (
    <TextField label={t(line)} name={`${name}.${line}`} isRequired={isRequired} value={value[line]} onChange={set(line)} />
  );
  return (
    <fieldset className="form">
      <legend>{legend}</legend>
      {field("line1", true)}
      {field("line2", false)}
      <div className="pair">
        {field("postalCode", false)}
        {field("city", true)}
      </div>
      <div className="pair">
        {field("region", false)}
        <Select label={t("country")} name={`${name}.country`} value={value.country} onChange={set("country")} options={[{ value: "", label: "" }, ...countries]} />
      </div>
    </fieldset>
  );
}

/** What a client may look at but not change. */
function CompanyFacts({ company }: { company: CompanyFragment }) {
  const t = useClientText();
  const { shell } = usePlace();
  const rows = [
    [t("companyName"), company.name],
    [t("companyEmail"), company.email],
    [t("phone"), company.phone],
    [t("website"), company.website],
    [t("taxIdField"), company.taxId],
    [t("registrationNumber"), company.registrationNumber],
  ] as const;
  return (
    <section className="card form">
      <Notice>{t("companyReadOnly", { organisation: shell?.organisation?.name ?? "" })}</Notice>
      <dl className="plain-facts">
        {rows.map(([label, value]) => value && <div key={label}><dt className="label">{label}</dt><dd dir="auto">{value}</dd></div>)}
        {company.billingAddress && <div><dt className="label">{t("billingAddress")}</dt><dd><AddressText address={company.billingAddress} /></dd></div>}
        {company.shippingAddress && <div><dt className="label">{t("shippingAddress")}</dt><dd><AddressText address={company.shippingAddress} /></dd></div>}
      </dl>
    </section>
  );
}

function linesOf(address: AddressFragment | null | undefined): Lines {
  return Object.fromEntries(LINES.map((line) => [line, address?.[line] ?? ""])) as Lines;
}

function addressOf(lines: Lines) {
  return { line1: lines.line1, line2: lines.line2, city: lines.city, region: lines.region, postalCode: lines.postalCode, country: lines.country };
}
