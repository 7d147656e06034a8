import { useId, useState, type ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  type CheckboxProps,
  type TextFieldProps,
} from "react-aria-components";
import { use } from "react";
import { useText } from "../i18n/core";
import { Beside } from "./beside";
import { Button } from "./Button";
import { Icon } from "./icons";

interface Common {
  label: string;
  hint?: ReactNode;
}

type TextProps = Common &
  Omit<TextFieldProps, "children" | "className" | "style" | "validate"> & { lines?: number; placeholder?: string; isNumeric?: boolean };

/** One line of text, or several with `lines`. The server's refusals of the field with this `name` stand below it. */
export function TextField({ label, hint, lines, placeholder, isNumeric, ...rest }: TextProps) {
  const isPassword = rest.type === "password";
  return (
    <AriaTextField {...rest} className="field" {...(isNumeric ? { inputMode: "decimal" as const } : {})}>
      <FieldLabel label={label} isRequired={rest.isRequired} />
      {lines ? (
        <TextArea className="input" rows={lines} placeholder={placeholder} dir="auto" />
      ) : isPassword ? (
        <PasswordInput />
      ) : (
        <Input className="input" placeholder={placeholder} dir={rest.type === "email" || isNumeric ? "ltr" : "auto"} />
      )}
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <Refused />
    </AriaTextField>
  );
}

function PasswordInput() {
  const t = useText();
  const [isShown, setShown] = useState(false);
  return (
    <div className="with-end">
      <Input className="input" type={isShown ? "text" : "password"} dir="ltr" />
      <span className="end">
        <Button
          look="plain"
          icon={isShown ? "eyeOff" : "eye"}
          aria-label={t("showPassword")}
          aria-pressed={isShown}
          excludeFromTabOrder={false}
          slot={null}
          onPress={() => setShown(!isShown)}
        />
      </span>
    </div>
  );
}

export function FieldLabel({ label, isRequired }: { label: string; isRequired?: boolean | undefined }) {
  const t = useText();
  return (
    <Label className="label">
      {label} {isRequired === false && <span className="optional">({t("optional")})</span>}
    </Label>
  );
}

function Refused() {
  const t = useText();
  return (
    <FieldError className="error">
      {({ validationDetails, validationErrors }) => {
        if (validationDetails.valueMissing) return t("required");
        if (validationDetails.typeMismatch) return t("invalidEmail");
        return validationErrors.join(" ");
      }}
    </FieldError>
  );
}

interface SelectProps extends Common {
  name?: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { readonly value: string; readonly label: string }[];
  isLabelHidden?: boolean;
  error?: string | undefined;
}

/** A choice of few: the system's own, which phones and screen readers know best. */
export function Select({ label, hint, name, value, onChange, options, isLabelHidden = false, error }: SelectProps) {
  const id = useId();
  const refused = use(Beside);
  const shown = error ?? (name ? refused[name] : undefined);
  return (
    <div className="field">
      <label htmlFor={id} className={isLabelHidden ? "visually-hidden" : "label"}>
        {label}
      </label>
      <span className="select-wrap">
        <select
          id={id}
          className="input"
          name={name}
          value={value}
          aria-invalid={shown ? true : undefined}
          aria-describedby={shown ? `${id}-error` : undefined}
          onChange={(event) => onChange(event.target.value)}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
      {hint && <span className="hint">{hint}</span>}
      {shown && (
        <span className="error" id={`${id}-error`}>
          {shown}
        </span>
      )}
    </div>
  );
}

export function Checkbox({ children, ...rest }: Omit<CheckboxProps, "className" | "style" | "children"> & { children: ReactNode }) {
  return (
    <AriaCheckbox {...rest} className="check">
      <span className="box" aria-hidden="true">
        <Icon name="check" />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}
