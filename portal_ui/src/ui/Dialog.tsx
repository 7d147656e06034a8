import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useText } from "../i18n/core";
import { Button } from "./Button";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  broad?: boolean;
  children: ReactNode;
}

/** A dialog above the page: it keeps the focus, Escape closes it, and the focus goes back to where it was. */
export function Dialog({ title, isOpen, onClose, broad = false, children }: Props) {
  const t = useText();
  return (
    <ModalOverlay className="veil" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable={false}>
      <Modal className={broad ? "dialog-box broad" : "dialog-box"}>
        <AriaDialog className="dialog">
          <div className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <Button look="plain" icon="close" aria-label={t("close")} onPress={onClose} slot={null} />
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
