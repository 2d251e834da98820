/** One picture on its way: its name, where it is, and what can be done with it. */

import { useEffect, useState } from "preact/hooks";
import { IDENTIFIER_PATTERN } from "../../../../../shared/protocol.ts";
import { wordsOf } from "../ask.ts";
import { t } from "../i18n.ts";
import { Stars } from "../parts/stars.tsx";
import { type Item, isHard, mayTryAgain, twinOf, type UploadQueue } from "./queue.ts";

export function Row({ item, queue, showDetails }: { item: Item; queue: UploadQueue; showDetails: () => void }) {
  const { identifier, file, prepared, state, grade } = item;
  const { kind } = state.value;
  const fixed = kind === "toAdd" || kind === "adding" || kind === "added";
  const wellFormed = IDENTIFIER_PATTERN.test(identifier.value);
  return (
    <li class="row" data-state={kind} data-identifier={identifier.value}>
      <span class="frame">{prepared.value && <img src={prepared.value.thumbnail} alt="" />}</span>
      <div class="row-name">
        <input
          class="mono"
          aria-label={t("identifierOf", { file: file.name })}
          aria-invalid={wellFormed ? undefined : true}
          value={identifier.value}
          disabled={fixed}
          maxLength={50}
          spellcheck={false}
          onInput={(event) => {
            identifier.value = event.currentTarget.value;
          }}
        />
        <small class={wellFormed ? "" : "problem"}>
          {wellFormed ? `${file.name}${prepared.value?.shrunk ? ` · ${t("shrunk")}` : ""}` : t("code_20010")}
        </small>
      </div>
      <div class="row-state">
        <StateWords item={item} />
      </div>
      <p class="row-actions">
        {grade.value?.scores && (
          <button type="button" class="button line small" onClick={showDetails}>
            {t("details")}
            <span class="unseen"> {identifier.value}</span>
          </button>
        )}
        {kind === "graded" && (
          <button
            type="button"
            class="button line small"
            aria-label={`${t("add")} ${identifier.value}`}
            disabled={!wellFormed}
            onClick={() => queue.add([item])}
          >
            {t("add")}
          </button>
        )}
        {mayTryAgain(item) && (
          <button type="button" class="button line small" disabled={!wellFormed} onClick={() => queue.again(item)}>
            {t("tryAgain")}
          </button>
        )}
        {!fixed && kind !== "grading" && (
          <button
            type="button"
            class="icon"
            aria-label={t("takeOut", { identifier: identifier.value })}
            onClick={() => queue.remove([item])}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="m5 5 10 10M15 5 5 15" />
            </svg>
          </button>
        )}
      </p>
    </li>
  );
}

function StateWords({ item }: { item: Item }) {
  const { state, grade, retryAt } = item;
  const now = state.value;
  if (retryAt.value !== undefined) return <Countdown until={retryAt.value} />;
  switch (now.kind) {
    case "added":
      return (
        <>
          <Stars level={now.level} /> <span class="done">{t("added")}</span>
        </>
      );
    case "refused":
      return <span class="problem">{wordsOf(now.trouble)}</span>;
    case "unreadable":
      return <span class="problem">{t("unreadable")}</span>;
    case "graded":
    case "toAdd":
    case "adding":
      return (
        <>
          <Stars level={grade.value?.level ?? 0} /> {now.kind === "graded" ? <Warnings item={item} /> : t(now.kind)}
        </>
      );
    default:
      return <span class="fine">{t(now.kind)}</span>;
  }
}

function Warnings({ item }: { item: Item }) {
  const twin = twinOf(item);
  return (
    <>
      {isHard(item) && <span class="tag warn">{t("hardToRecognize")}</span>}
      {twin && <span class="tag warn">{t("takenFor", { identifier: twin.identifier })}</span>}
    </>
  );
}

const SECOND_MS = 1000;

function Countdown({ until }: { until: number }) {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(1, Math.ceil((until - Date.now()) / SECOND_MS));
  return <span class="fine">{t("retryIn", { seconds })}</span>;
}
