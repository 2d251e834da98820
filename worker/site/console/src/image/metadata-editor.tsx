/** What is shown on the picture: a form for the overlay's fields, and the JSON itself for everything else. */

import { useState } from "preact/hooks";
import { announce } from "../announce.tsx";
import { ask, type Trouble } from "../ask.ts";
import { type TextKey, t } from "../i18n.ts";
import { SelectField, TextField } from "../parts/field.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { api } from "../session.ts";
import {
  CONTENT_KINDS,
  type ContentFields,
  fieldsOf,
  isTooLong,
  jsonProblem,
  overlayOf,
  withFields,
} from "./metadata.ts";

interface Props {
  readonly channel: string;
  readonly identifier: string;
  readonly metadata: string;
  readonly saved: () => void;
}

export function MetadataEditor({ channel, identifier, metadata, saved }: Props) {
  const [text, setText] = useState(metadata);
  const [asJson, setAsJson] = useState(fieldsOf(metadata) === undefined);
  const [trouble, setTrouble] = useState<Trouble>();
  const problem = problemOf(text);
  const save = async (event: Event) => {
    event.preventDefault();
    setTrouble(undefined);
    if (problem) return;
    const asked = await ask(api().updateImageInfo({ channel, identifier, metadata: text.trim() }));
    if (!asked.ok) return setTrouble(asked.trouble);
    announce(t("metadataSaved"));
    saved();
  };
  return (
    <form class="card form" onSubmit={save} aria-labelledby="metadata-title">
      <div class="card-head">
        <h2 id="metadata-title">{t("metadataTitle")}</h2>
        <fieldset class="language" aria-label={t("editAs")}>
          <button type="button" aria-pressed={!asJson} onClick={() => setAsJson(false)}>
            {t("asForm")}
          </button>
          <button type="button" aria-pressed={asJson} onClick={() => setAsJson(true)}>
            JSON
          </button>
        </fieldset>
      </div>
      {asJson ? (
        <JsonField text={text} change={setText} problem={problem} />
      ) : (
        <ContentForm text={text} change={setText} />
      )}
      <p class="fine" role="status" data-testid="overlay">
        {!problem && overlayWords(text)}
      </p>
      <TroubleNote trouble={trouble} />
      <p class="actions">
        <button type="submit" class="button ink" disabled={problem !== undefined || text === metadata}>
          {t("save")}
        </button>
        {text !== metadata && (
          <button type="button" class="button line" onClick={() => setText(metadata)}>
            {t("undo")}
          </button>
        )}
      </p>
    </form>
  );
}

function problemOf(text: string): string | undefined {
  const problem = jsonProblem(text);
  if (problem) {
    const { line, column } = problem;
    return line === undefined || column === undefined ? t("notJson") : t("notJsonAt", { line, column });
  }
  return isTooLong(text) ? t("metadataTooLong") : undefined;
}

function overlayWords(text: string): string {
  if (text.trim() === "") return t("overlayEmpty");
  const content = overlayOf(text);
  return content ? t("overlayShows", { kind: t(`kind_${content.kind}`) }) : t("overlayShowsNothing");
}

interface FieldProps {
  readonly text: string;
  readonly change: (text: string) => void;
}

function JsonField({ text, change, problem }: FieldProps & { problem: string | undefined }) {
  return (
    <div class="field">
      <label for="metadata-json">JSON</label>
      <textarea
        id="metadata-json"
        rows={10}
        spellcheck={false}
        value={text}
        aria-invalid={problem ? true : undefined}
        aria-describedby="metadata-problem"
        onInput={(event) => change(event.currentTarget.value)}
      />
      <small id="metadata-problem" class="problem" role="alert" data-testid="json-problem">
        {problem}
      </small>
    </div>
  );
}

function ContentForm({ text, change }: FieldProps) {
  const fields = fieldsOf(text);
  if (!fields) return <p class="note">{t(jsonProblem(text) ? "mendJsonFirst" : "onlyAsJson")}</p>;
  const set = (changed: Partial<ContentFields>) => change(withFields(text, { ...fields, ...changed }));
  const { kind, title, text: words, url, sceneId } = fields;
  const wantsUrl = kind !== "text" && kind !== "kivicube";
  return (
    <>
      <SelectField
        label={t("contentKind")}
        value={kind}
        change={(chosen) => set({ kind: chosen, ...(chosen !== "kivicube" && { sceneId: "" }) })}
        options={CONTENT_KINDS.map((name) => [name, t(`kind_${name}` as TextKey)] as const)}
      />
      {kind === "kivicube" && (
        <TextField label={t("sceneId")} value={sceneId} change={(value) => set({ sceneId: value.trim() })} mono />
      )}
      {wantsUrl && (
        <TextField
          label={t("contentUrl")}
          type="url"
          value={url}
          change={(value) => set({ url: value.trim() })}
          hint={t(`urlHint_${kind}` as TextKey)}
          problem={url && !/^https:\/\/\S+$/.test(url) ? t("urlProblem") : undefined}
        />
      )}
      <TextField label={t("contentTitle")} value={title} change={(value) => set({ title: value })} />
      <TextField label={t("contentText")} value={words} change={(value) => set({ text: value })} />
    </>
  );
}
