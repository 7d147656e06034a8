import { useEffect, useRef } from "react";
import { useAction } from "../graphql/action";
import { useLive } from "../graphql/live";
import { CommentAddedDocument, DocumentChangedDocument, RecordViewDocument } from "./gql/graphql";

/** Links of files count for some minutes only: ask again this long before they end. */
const LINK_MARGIN_MS = 30_000;

/** Tell the business that the document was opened: when a person really has it on the screen, once for each visit. */
export function useRecordedView(documentId: string | undefined): void {
  const record = useAction(RecordViewDocument);
  const told = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (!documentId || told.current === documentId) return;
    const tell = (): void => {
      if (document.visibilityState !== "visible" || told.current === documentId) return;
      told.current = documentId;
      void record.run({ documentId });
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [documentId]);
}

/** Keep a document's page as it is at the server: other people's comments and decisions appear by themselves. */
export function useLiveDocument(documentId: string, version: number | undefined, ask: () => void): void {
  useLive(DocumentChangedDocument, {}, {
    onNews: (data) => {
      const changed = data.documentChanged;
      if (changed.id === documentId && changed.version !== version) ask();
    },
    onGap: ask,
  });
  useLive(CommentAddedDocument, { documentId }, { onNews: ask, onGap: ask });
}

/** Ask again before the links of a page end. */
export function useFreshLinks(expiresAt: string | undefined, ask: () => void): void {
  const again = useRef(ask);
  again.current = ask;
  useEffect(() => {
    if (!expiresAt) return;
    const wait = Math.max(Date.parse(expiresAt) - Date.now() - LINK_MARGIN_MS, LINK_MARGIN_MS);
    const timer = setTimeout(() => again.current(), wait);
    return () => clearTimeout(timer);
  }, [expiresAt]);
}
