import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useNavigate } from "react-router";
import { useText } from "../i18n/core";
import { session } from "../session/session";
import { Icon } from "../ui";
import { usePlace } from "./shell";
import { useClientText } from "./text";

/** The menu behind the person's initials. */
export function AccountMenu() {
  const core = useText();
  const t = useClientText();
  const go = useNavigate();
  const { shell, to } = usePlace();
  const name = shell?.me?.name ?? "";
  const company = shell?.me && "customer" in shell.me ? shell.me.customer?.name : undefined;
  return (
    <MenuTrigger>
      <AriaButton className="avatar" aria-label={t("accountMenu", { name })}>
        {initials(name)}
      </AriaButton>
      <Popover className="menu-popover" placement="bottom end">
        <div className="menu-head">
          <strong>{name}</strong>
          <span className="muted">{company}</span>
        </div>
        <Menu
          className="menu"
          aria-label={t("accountMenu", { name })}
          onAction={(key) => {
            if (key === "out") void session.logOut();
            else void go(to(`/account${key === "profile" ? "" : `/${key}`}`));
          }}
        >
          <MenuItem className="menu-item" id="profile">
            <Icon name="person" />
            {t("account")}
          </MenuItem>
          <MenuItem className="menu-item" id="company">
            <Icon name="company" />
            {t("company")}
          </MenuItem>
          <MenuItem className="menu-item" id="cards">
            <Icon name="card" />
            {t("cards")}
          </MenuItem>
          <MenuItem className="menu-item" id="out">
            <Icon name="out" />
            {core("logOut")}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}
