import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "react-router";
import { useText } from "../i18n/core";
import { Button } from "./Button";
import { Icon, type IconName } from "./icons";

interface HeaderProps {
  title: string;
  /** What stands beside the title, such as a status. */
  aside?: ReactNode;
  back?: { to: string; label: string };
  children?: ReactNode;
}

/** The title of a page, which is also the window's; the focus goes to it when the page is opened. */
export function PageHeader({ title, aside, back, children }: HeaderProps) {
  useTitle(title);
  return (
    <header className="page-header">
      <div>
        {back && (
          <Link className="back" to={back.to}>
            <Icon name="back" />
            {back.label}
          </Link>
        )}
        <div className="title-line">
          <h1>
            <bdi>{title}</bdi>
          </h1>
          {aside}
        </div>
      </div>
      {children && <div className="actions">{children}</div>}
    </header>
  );
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/** What stands where nothing is: what it means, and what to do next. */
export function EmptyState({ icon, title, isPage = false, children }: {
  icon: IconName;
  title: string;
  /** Whether this is all that the page has. */
  isPage?: boolean;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon name={icon} />
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  );
}

/** Says that a page could not be shown, and offers to ask again. */
export function FailedState({ onRetry }: { onRetry: () => void }) {
  const t = useText();
  return (
    <EmptyState isPage icon="alert" title={t("notShown")}>
      <p role="alert">{t("notShownText")}</p>
      <Button onPress={onRetry}>{t("tryAgain")}</Button>
    </EmptyState>
  );
}

/** Grey lines in the place of what is on its way. */
export function Skeleton({ lines = 4 }: { lines?: number }) {
  const t = useText();
  return (
    <div className="skeletons" role="status">
      <span className="visually-hidden">{t("loading")}</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} className={`skeleton w${(index % 4) + 1}`} />
      ))}
    </div>
  );
}

/** Calls `onReach` when the end of a list comes into view; the button is for keyboards and readers. */
export function MoreRows({ busy, onReach }: { busy: boolean; onReach: () => void }) {
  const t = useText();
  const place = useRef<HTMLDivElement>(null);
  const reach = useRef(onReach);
  reach.current = onReach;
  useEffect(() => {
    if (!place.current || busy) return;
    const observer = new IntersectionObserver((entries) => entries.some((one) => one.isIntersecting) && reach.current(), {
      rootMargin: "300px",
    });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [busy]);
  return (
    <div className="more" ref={place}>
      <Button look="plain" busy={busy} onPress={onReach}>
        {t("loadMore")}
      </Button>
    </div>
  );
}
