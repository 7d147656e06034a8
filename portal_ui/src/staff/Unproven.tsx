import { useAction } from "../graphql/action";
import { Button, Errors, Notice, toast } from "../ui";
import { ResendConfirmationDocument } from "./gql/graphql";
import { useShell } from "./shell";
import { useStaffText } from "./text";

/** Says to who registered a business that nothing leaves it until the address is confirmed. */
export function Unproven() {
  const t = useStaffText();
  const me = useShell()?.me;
  const resend = useAction(ResendConfirmationDocument);
  if (!me || !("emailVerified" in me) || me.emailVerified !== false) return null;
  const send = async (): Promise<void> => {
    if (await resend.run({})) toast(t("confirmationSent"));
  };
  return (
    <div className="form">
      <Errors errors={resend.errors} />
      <Notice look="warn">
        <p>{t("confirmYourAddress", { email: me.email ?? "" })}</p>
        <Button busy={resend.busy} onPress={() => void send()}>
          {t("sendConfirmation")}
        </Button>
      </Notice>
    </div>
  );
}
