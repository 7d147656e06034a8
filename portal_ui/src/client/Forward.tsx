import { useState } from "react";
import { useAction } from "../graphql/action";
import { useText } from "../i18n/core";
import { Button, Dialog, Form, TextField, toast } from "../ui";
import { ForwardDocumentDocument } from "./gql/graphql";
import { usePlace } from "./shell";
import { useClientText } from "./text";

/** Send a document to somebody else, where the portal allows it. */
export function Forward({ documentId, number }: { documentId: string; number: string }) {
  const core = useText();
  const t = useClientText();
  const { portal } = usePlace();
  const [isOpen, setOpen] = useState(false);
  const [values, setValues] = useState({ recipientName: "", recipientEmail: "", message: "" });
  const forward = useAction(ForwardDocumentDocument);
  if (!portal?.forwardingAllowed) return null;
  const set = (name: keyof typeof values) => (value: string) => setValues({ ...values, [name]: value });
  const submit = async (): Promise<void> => {
    if (!(await forward.run({ documentId, ...values }))) return;
    toast(t("forwardedToast", { name: values.recipientName }));
    setValues({ recipientName: "", recipientEmail: "", message: "" });
    setOpen(false);
  };
  return (
    <>
      <Button icon="forward" onPress={() => setOpen(true)}>
        {t("forward")}
      </Button>
      <Dialog title={t("forwardTitle", { number })} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Form onSubmit={() => void submit()} errors={forward.errors} fields={["recipientName", "recipientEmail", "message"]} fieldOf={ERRORS}>
          <p className="muted">{t("forwardText")}</p>
          <TextField label={t("recipientName")} name="recipientName" autoFocus isRequired value={values.recipientName} onChange={set("recipientName")} />
          <TextField label={t("recipientEmail")} name="recipientEmail" type="email" isRequired value={values.recipientEmail} onChange={set("recipientEmail")} />
          <TextField label={t("message")} name="message" lines={3} isRequired={false} value={values.message} onChange={set("message")} />
          <div className="dialog-actions">
            <Button onPress={() => setOpen(false)}>{core("cancel")}</Button>
            <Button type="submit" look="primary" busy={forward.busy}>
              {t("send")}
            </Button>
          </div>
        </Form>
      </Dialog>
    </>
  );
}

const ERRORS = { INVALID_EMAIL: "recipientEmail", TEXT_REQUIRED: "recipientName", LOOKS_LIKE_CARD_NUMBER: "message", CONTROL_CHARACTERS: "message" };
