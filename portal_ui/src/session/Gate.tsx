import type { ReactNode } from "react";
import { Provider, useQuery } from "urql";
import { useText } from "../i18n/core";
import { chooseLanguage, LANGUAGES, type Language } from "../i18n/languages";
import { Select, useTitle } from "../ui";
import { FrontDoorDocument } from "./gql/graphql";
import { session } from "./session";

/** What stands above the pages of who is not logged in. */
export interface Brand {
  readonly name: string;
  readonly logo?: string | null | undefined;
  readonly banner?: string | null | undefined;
}

/** The frame of the pages that need no session: brand, one card, the choice of language. */
export function Gate({ brand, title, language, onLanguage, children }: {
  brand: Brand;
  title: string;
  language: Language;
  onLanguage: (language: Language) => void;
  children: ReactNode;
}) {
  const t = useText();
  useTitle(`${title} · ${brand.name}`);
  return (
    <Provider value={session.anybody}>
      <div className="gate">
        <main>
          <div className="brand">
            <BrandMark brand={brand} />
            <h1>{title}</h1>
            {brand.banner && <p className="muted" dir="auto">{brand.banner}</p>}
          </div>
          {children}
        </main>
        <footer className="foot">
          <Select
            label={t("language")}
            isLabelHidden
            value={language}
            onChange={(value) => {
              chooseLanguage(value as Language);
              onLanguage(value as Language);
            }}
            options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          />
        </footer>
      </div>
    </Provider>
  );
}

/** The logo, or a letter in its place; `isNamed` where the name stands beside it as text. */
export function BrandMark({ brand, isNamed = false }: { brand: Brand; isNamed?: boolean }) {
  if (brand.logo) return <img src={brand.logo} alt={isNamed ? "" : brand.name} />;
  return (
    <span className="monogram" aria-hidden="true">
      {[...brand.name][0]?.toUpperCase()}
    </span>
  );
}

/** Ask how a portal calls itself, as anybody may; undefined while on its way, null if there is none. */
export function useFrontDoor(slug: string) {
  const [{ data, error }, ask] = useQuery({ query: FrontDoorDocument, variables: { slug }, context: NOBODY });
  return { portal: data ? (data.portal ?? null) : undefined, error, ask };
}

const NOBODY = {};
