import { useId, useState } from "react";
import { useAction } from "../graphql/action";
import { useLive } from "../graphql/live";
import { Button, DateText, Form, Icon, TextField } from "../ui";
import { AddCommentDocument, CommentAddedDocument, type CommentRowFragment } from "./gql/graphql";
import { useMayWrite } from "./shell";
import { useStaffText } from "./text";

/**
 * What is said about a document. Notes of the team and messages to the client differ in word, icon, colour and frame;
 * what is written is a note unless somebody chooses otherwise.
 */
export function Comments({ documentId, client, rows, onNews }: {
  documentId: string;
  client: string;
  rows: readonly CommentRowFragment[];
  onNews: () => void;
}) {
  const t = useStaffText();
  const mayWrite = useMayWrite();
  useLive(CommentAddedDocument, { documentId }, { onNews, onGap: onNews });
  return (
    <section className="card comments" aria-label={t("comments")}>
      <h2>{t("comments")}</h2>
      {rows.length === 0 && <p className="muted">{t("noComments")}</p>}
      <ol className="comment-list">
        {rows.map((row) => (
          <Comment key={row.id} row={row} />
        ))}
      </ol>
      {mayWrite && <Write documentId={documentId} client={client} onDone={onNews} />}
    </section>
  );
}

function Comment({ row }: { row: CommentRowFragment }) {
  const t = useStaffText();
  const isInternal = row.visibility === "INTERNAL";
  return (
    <li className={isInternal ? "comment internal" : "comment visible"}>
      <p className="comment-head">
        <strong>
          <bdi>{row.author?.name}</bdi>
        </strong>
        {row.author?.__typename === "Contact" && <span className="muted">({t("ofClient")})</span>}
        <span className="row-sub">
          <DateText value={row.writtenAt} />
        </span>
      </p>
      <p className="comment-tag">
        <Icon name={isInternal ? "lock" : "eye"} />
        {t(isInternal ? "internalTag" : "visibleTag")}
      </p>
      <p className="comment-text" dir="auto">
        {row.text}
      </p>
    </li>
  );
}

function Write({ documentId, client, onDone }: { documentId: string; client: string; onDone: () => void }) {
  const t = useStaffText();
  const name = useId();
  const [text, setText] = useState("");
  const [isVisible, setVisible] = useState(false);
  const add = useAction(AddCommentDocument);
  const submit = async (): Promise<void> => {
    if (!(await add.run({ documentId, text, displayInPortal: isVisible }))) return;
    setText("");
    setVisible(false);
    onDone();
  };
  return (
    <div className={isVisible ? "write visible" : "write internal"}>
      <Form onSubmit={() => void submit()} errors={add.errors} fields={["text"]}>
        <fieldset className="segments">
          <legend className="visually-hidden">{t("whoSees")}</legend>
          <Choice name={name} icon="lock" label={t("writeInternal")} isChosen={!isVisible} onChoose={() => setVisible(false)} />
          <Choice name={name} icon="eye" label={t("writeVisible")} isChosen={isVisible} onChoose={() => setVisible(true)} />
        </fieldset>
        <TextField
          label={t("comment")}
          hint={isVisible ? t("visibleHint", { client }) : t("internalHint")}
          name="text"
          isRequired
          lines={3}
          value={text}
          onChange={setText}
        />
        <div>
          <Button type="submit" look={isVisible ? "primary" : "quiet"} icon={isVisible ? "send" : "lock"} busy={add.busy}>
            {t(isVisible ? "addVisible" : "addInternal")}
          </Button>
        </div>
      </Form>
    </div>
  );
}

function Choice({ name, icon, label, isChosen, onChoose }: {
  name: string;
  icon: "lock" | "eye";
  label: string;
  isChosen: boolean;
  onChoose: () => void;
}) {
  return (
    <label className="segment">
      <input type="radio" name={name} checked={isChosen} onChange={onChoose} />
      <Icon name={icon} />
      {label}
    </label>
  );
}
