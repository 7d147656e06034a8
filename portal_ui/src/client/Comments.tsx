import { useState } from "react";
import { useAction } from "../graphql/action";
import { Button, DateText, Form, TextField } from "../ui";
import { AddCommentDocument, type CommentRowFragment } from "./gql/graphql";
import { usePlace } from "./shell";
import { useClientText } from "./text";

/** What was said about a document, and a place to say more. */
export function Comments({ documentId, comments, hasOlder, onAdded }: {
  documentId: string;
  comments: readonly CommentRowFragment[];
  hasOlder: boolean;
  onAdded: () => void;
}) {
  const t = useClientText();
  const { shell } = usePlace();
  const [text, setText] = useState("");
  const add = useAction(AddCommentDocument);
  const organisation = shell?.organisation?.name ?? "";
  const submit = async (): Promise<void> => {
    if (!(await add.run({ documentId, text }))) return;
    setText("");
    onAdded();
  };
  return (
    <section className="card comments" aria-label={t("comments")}>
      <h2>{t("comments")}</h2>
      {hasOlder && <p className="muted">{t("olderComments")}</p>}
      {comments.length === 0 && <p className="muted">{t("noComments", { organisation })}</p>}
      <ol aria-live="polite">
        {comments.map((comment) => (
          <Comment key={comment.id} comment={comment} isOwn={comment.author?.id === shell?.me?.id} organisation={organisation} />
        ))}
      </ol>
      <Form onSubmit={() => void submit()} errors={add.errors} fields={["text"]} fieldOf={TEXT_ERRORS} label={t("comment")}>
        <TextField label={t("comment")} name="text" lines={3} value={text} onChange={setText} maxLength={10_000} />
        <div>
          <Button type="submit" icon="send" busy={add.busy} isDisabled={!text.trim()}>
            {t("sendComment")}
          </Button>
        </div>
      </Form>
    </section>
  );
}

const TEXT_ERRORS = { TEXT_REQUIRED: "text", TEXT_TOO_LONG: "text", CONTROL_CHARACTERS: "text", LOOKS_LIKE_CARD_NUMBER: "text" };

function Comment({ comment, isOwn, organisation }: { comment: CommentRowFragment; isOwn: boolean; organisation: string }) {
  const t = useClientText();
  const isStaff = comment.author?.__typename === "StaffMember";
  return (
    <li className={isStaff ? "comment staff" : "comment"}>
      <p className="comment-head">
        <strong>{isOwn ? t("you") : comment.author?.name}</strong>
        {isStaff && <span className="muted">{organisation}</span>}
        <span className="muted">
          <DateText value={comment.writtenAt} />
        </span>
      </p>
      <p className="comment-text" dir="auto">
        {comment.text}
      </p>
    </li>
  );
}
