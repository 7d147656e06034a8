import type { ReactNode } from "react";
import { Form as AriaForm } from "react-aria-components";
import type { Refusal } from "../graphql/action";
import { useText } from "../i18n/core";
import { useLookUp } from "../i18n/text";
import { Notice } from "./Notice";

interface Props {
  children: ReactNode;
  onSubmit: () => void;
  errors?: readonly Refusal[];
  /** Names of the fields that the form has: refusals of these stand beside them, all others above the form. */
  fields?: readonly string[];
  /** Where a refusal's own path names no field of the form, by its code. */
  fieldOf?: Readonly<Record<string, string>>;
  label?: string;
}

/** A form whose refusals are shown beside the fields to which they belong, in the user's language. */
export function Form({ children, onSubmit, errors = [], fields = [], fieldOf = {}, label }: Props) {
  const say = useErrorText();
  const placeOf = (error: Refusal): string | undefined =>
    [error.field?.join("."), error.field?.at(-1), fieldOf[error.code]].find((one) => one !== undefined && fields.includes(one));
  const beside: Record<string, string> = {};
  const above: Refusal[] = [];
  for (const error of errors) {
    const place = placeOf(error);
    if (place) beside[place] = [beside[place], say(error)].filter(Boolean).join(" ");
    else above.push(error);
  }
  return (
    <AriaForm
      className="form"
      aria-label={label}
      validationErrors={beside}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Errors errors={above} />
      {children}
    </AriaForm>
  );
}

/** Refusals that belong to no field. */
export function Errors({ errors }: { errors: readonly Refusal[] }) {
  const say = useErrorText();
  if (errors.length === 0) return null;
  const texts = [...new Set(errors.map(say))];
  return (
    <Notice look="bad" isUrgent>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </Notice>
  );
}

/** Return what a refusal says in the user's language; the gateway's own English sentence where we have none. */
export function useErrorText(): (error: Refusal) => string {
  const t = useText();
  const lookUp = useLookUp();
  return (error) => lookUp(`error.${error.code}`) ?? (error.message || t("notShownText"));
}
