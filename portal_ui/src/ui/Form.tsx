import { useState, type FormEvent, type ReactNode } from "react";
import { Form as AriaForm } from "react-aria-components";
import type { Refusal } from "../graphql/action";
import { useText } from "../i18n/core";
import { useLookUp } from "../i18n/text";
import { Beside } from "./beside";
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
    [...around(error.field ?? []), error.field?.at(-1), fieldOf[error.code]].find((one) => one !== undefined && fields.includes(one));
  // A refusal goes as soon as its field is typed in: if it went when the field is left, the button that is being pressed
  // would move away from under the pointer.
  const key = JSON.stringify(errors);
  const [corrected, setCorrected] = useState<{ key: string; names: readonly string[] }>({ key, names: [] });
  const done = corrected.key === key ? corrected.names : [];
  const typed = (event: FormEvent<HTMLElement>): void => {
    const { name } = event.target as HTMLInputElement;
    if (name && !done.includes(name)) setCorrected({ key, names: [...done, name] });
  };
  const beside: Record<string, string> = {};
  const above: Refusal[] = [];
  for (const error of errors) {
    const place = placeOf(error);
    if (place && done.includes(place)) continue;
    if (place) beside[place] = [beside[place], say(error)].filter(Boolean).join(" ");
    else above.push(error);
  }
  return (
    <AriaForm
      aria-label={label}
      validationErrors={beside}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Beside value={beside}>
        <div className="form" onInput={typed}>
          <Errors errors={above} />
          {children}
        </div>
      </Beside>
    </AriaForm>
  );
}

/** Return the path of a field, and of what it is a part of: `lines.0.unit`, `lines.0`, `lines`. */
const around = (path: readonly string[]): string[] => path.map((_, place) => path.slice(0, path.length - place).join("."));

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
