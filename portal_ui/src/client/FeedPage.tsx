import { useState } from "react";
import { Link } from "react-router";
import { useClient, useQuery } from "urql";
import { useAction } from "../graphql/action";
import { useLive } from "../graphql/live";
import { Button, DateText, EmptyState, FailedState, MoreRows, PageHeader, Skeleton } from "../ui";
import { FeedPageDocument, MarkAllReadDocument, MarkReadDocument, NotificationAddedDocument, type NotificationRowFragment } from "./gql/graphql";
import { usePlace } from "./shell";
import { useClientText } from "./text";

const PAGE = 20;

/** What happened, newest first; opening a piece of news marks it as read. */
export default function FeedPage() {
  const t = useClientText();
  const client = useClient();
  const { shell } = usePlace();
  const [{ data, error }, asking] = useQuery({ query: FeedPageDocument, variables: { first: PAGE }, requestPolicy: "cache-and-network" });
  const ask = (): void => asking({ requestPolicy: "network-only" });
  const [isLoading, setLoading] = useState(false);
  const readAll = useAction(MarkAllReadDocument);
  useLive(NotificationAddedDocument, {}, { onNews: ask, onGap: ask });
  const page = data?.notifications;
  if (!page) return error ? <FailedState onRetry={ask} /> : <Skeleton lines={8} />;
  const more = (): void => {
    if (isLoading) return;
    setLoading(true);
    const variables = { first: PAGE, after: page.pageInfo.endCursor ?? null };
    void client.query(FeedPageDocument, variables, { requestPolicy: "network-only" }).toPromise().finally(() => setLoading(false));
  };
  return (
    <div className="narrow">
      <PageHeader title={t("news")}>
        {(shell?.unreadNotificationCount ?? 0) > 0 && (
          <Button icon="check" busy={readAll.busy} onPress={() => void readAll.run({ until: new Date().toISOString() }).then(ask)}>
            {t("markAllRead")}
          </Button>
        )}
      </PageHeader>
      <div className="card flush">
        {page.nodes.length === 0 && (
          <EmptyState icon="bell" title={t("noNews")}>
            <p>{t("noNewsText")}</p>
          </EmptyState>
        )}
        <ul className="rows">
          {page.nodes.map((one) => (
            <News key={one.id} news={one} />
          ))}
        </ul>
        {page.pageInfo.hasNextPage && <MoreRows busy={isLoading} onReach={more} />}
      </div>
    </div>
  );
}

function News({ news }: { news: NotificationRowFragment }) {
  const t = useClientText();
  const { to } = usePlace();
  const read = useAction(MarkReadDocument);
  const document = news.document;
  const content = (
    <>
      <span className="news-dot" aria-hidden="true" />
      <span className="row-main">
        <span className="news-title">
          {news.title}
          {!news.readAt && <span className="visually-hidden"> ({t("unread")})</span>}
        </span>
        <span className="news-text">{news.text}</span>
        {news.quote && <q className="news-quote">{news.quote}</q>}
        <span className="row-sub">
          <DateText value={news.createdAt} />
        </span>
      </span>
    </>
  );
  const className = news.readAt ? "news" : "news unread";
  if (!document) return <li className={className}>{content}</li>;
  const kind = document.__typename === "Estimate" ? "estimates" : "invoices";
  return (
    <li>
      <Link className={className} to={to(`/${kind}/${document.id}`)} onClick={() => !news.readAt && void read.run({ ids: [news.id] })}>
        {content}
      </Link>
    </li>
  );
}
