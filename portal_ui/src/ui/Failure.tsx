import { Component, type ReactNode } from "react";
import { useText } from "../i18n/core";
import { Button } from "./Button";
import { EmptyState } from "./pages";

/** Catches what a page could not bear, such as a part of the interface that a newer release has replaced. */
export class Failure extends Component<{ children: ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    return this.state.hasFailed ? <Sorry /> : this.props.children;
  }
}

function Sorry() {
  const t = useText();
  return (
    <main className="gate">
      <EmptyState icon="alert" title={t("notShown")}>
        <p role="alert">{t("notShownText")}</p>
        <Button onPress={() => location.reload()}>{t("tryAgain")}</Button>
      </EmptyState>
    </main>
  );
}
