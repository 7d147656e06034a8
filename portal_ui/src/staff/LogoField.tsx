import { useState } from "react";
import { FileTrigger } from "react-aria-components";
import type { Refusal } from "../graphql/action";
import { BrandMark } from "../session/Gate";
import { Button, Errors } from "../ui";
import { useStaffText } from "./text";

const MOST_BYTES = 256 * 1024;

/** The portal's logo as a `data:` address, or null: chosen from a file, and saved with the form around it. */
export function LogoField({ value, name, isDisabled, onChange }: {
  value: string | null;
  name: string;
  isDisabled: boolean;
  onChange: (value: string | null) => void;
}) {
  const t = useStaffText();
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const take = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const isFit = file.size <= MOST_BYTES && ["image/png", "image/jpeg"].includes(file.type);
    setRefused(isFit ? [] : [{ code: "INVALID_LOGO", message: "" }]);
    if (isFit) onChange(await dataAddress(file));
  };
  return (
    <div className="field">
      <span className="label" id="logo-label">
        {t("logo")}
      </span>
      <div className="logo-row" role="group" aria-labelledby="logo-label">
        <BrandMark brand={{ name: name || "·", logo: value }} />
        {!isDisabled && (
          <FileTrigger acceptedFileTypes={["image/png", "image/jpeg"]} onSelect={(files) => void take(files?.[0])}>
            <Button>{t(value ? "changeLogo" : "chooseLogo")}</Button>
          </FileTrigger>
        )}
        {!isDisabled && value && (
          <Button look="plain" onPress={() => onChange(null)}>
            {t("removeLogo")}
          </Button>
        )}
      </div>
      <span className="hint">{t("logoHint")}</span>
      <Errors errors={refused} />
    </div>
  );
}

function dataAddress(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error("The file could not be read."));
    reader.readAsDataURL(file);
  });
}
