import type { PayPageQuery } from "../gql/graphql";
import { useClientText } from "../text";

/** Ways to pay that happen elsewhere, with what the business says of each. */
export function OtherWays({ options }: { options: NonNullable<PayPageQuery["invoice"]>["paymentOptions"] }) {
  const t = useClientText();
  if (options.length === 0) return null;
  return (
    <section className="card form other-ways">
      <h2>{t("otherWays")}</h2>
      <dl>
        {options.map((option) => (
          <div key={option.mode}>
            <dt className="label">{t(option.mode)}</dt>
            {option.instructions && <dd dir="auto">{option.instructions}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}
