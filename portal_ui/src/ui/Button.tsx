import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import { Link, type LinkProps } from "react-router";
import { useText } from "../i18n/core";
import { Icon, type IconName } from "./icons";

export type ButtonLook = "primary" | "quiet" | "plain" | "danger";

interface Looks {
  look?: ButtonLook;
  icon?: IconName;
  wide?: boolean;
  children?: ReactNode;
}

type Props = Looks & Omit<AriaProps, "children" | "className" | "style"> & { busy?: boolean };

/** A button; while `busy` it shows that something is going on and takes no press. */
export function Button({ look = "quiet", icon, wide = false, busy = false, children, onPress, type, ...rest }: Props) {
  const t = useText();
  // react-aria's own `isPending` leaves an image without a name behind in its live region.
  const idle = busy ? { "aria-disabled": true, type: "button" as const } : { ...(onPress ? { onPress } : {}), ...(type ? { type } : {}) };
  return (
    <AriaButton {...rest} {...idle} className={classes(look, wide, !children)}>
      {busy ? <span className="spinner" role="presentation" /> : icon && <Icon name={icon} />}
      {children}
      {busy && <span className="visually-hidden">{t("working")}</span>}
    </AriaButton>
  );
}

/** A link within the portal that looks like a button. */
export function ButtonLink({ look = "quiet", icon, wide = false, children, ...rest }: Looks & Omit<LinkProps, "className" | "style">) {
  return (
    <Link {...rest} className={classes(look, wide, false)}>
      {icon && <Icon name={icon} />}
      {children}
    </Link>
  );
}

/** A link to a file or another site that looks like a button; it opens beside the portal. */
export function FileButton({ href, look = "quiet", icon, children }: Looks & { href: string }) {
  return (
    <a className={classes(look, false, false)} href={href} target="_blank" rel="noreferrer">
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

function classes(look: ButtonLook, wide: boolean, isIconOnly: boolean): string {
  return ["button", look, wide && "wide", isIconOnly && "icon-only"].filter(Boolean).join(" ");
}
