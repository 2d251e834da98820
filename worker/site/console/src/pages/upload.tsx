/** Adding pictures: dropped or chosen, graded one by one, looked at, and added. */

import { useEffect, useState } from "preact/hooks";
import { IDENTIFIER_PATTERN } from "../../../../../shared/protocol.ts";
import { wordsOf } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { Dialog } from "../parts/dialog.tsx";
import { GradeReport } from "../parts/grade-report.tsx";
import { Stars } from "../parts/stars.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { addressOf } from "../route.ts";
import { api } from "../session.ts";
import { type Item, UploadQueue, wantsLook } from "../upload/queue.ts";

/** Too large, no picture, too little detail. */
const PICTURE_REFUSED: readonly (number | undefined)[] = [20006, 20007, 20013];

/** A queue goes on while other pages are open. */
const queues = new Map<string, UploadQueue>();

function queueOf(channel: string): UploadQueue {
  const queue = queues.get(channel) ?? new UploadQueue(channel, api);
  queues.set(channel, queue);
  return queue;
}

addEventListener("beforeunload", (event) => {
  const unfinished = [...queues.values()].some(({ counts: { value } }) => value.adding || value.toAdd || value.graded);
  if (unfinished) event.preventDefault();
});

export function UploadPage({ channel }: { channel: string }) {
  const queue = queueOf(channel);
  const [looked, setLooked] = useState<Item>();
  return (
    <>
      <h1>{t("addPictures")}</h1>
      <DropZone take={(files) => queue.take(files)} />
      <Summary queue={queue} channel={channel} />
      <TroubleNote trouble={queue.trouble.value} />
      <ol class="queue" data-testid="queue">
        {queue.items.value.map((item) => (
          <Row key={item.id} item={item} queue={queue} look={() => setLooked(item)} />
        ))}
      </ol>
      {looked && (
        <LookDialog
          key={looked.id}
          channel={channel}
          item={looked}
          queue={queue}
          close={() => setLooked(undefined)}
          next={() => setLooked(nextToLookAt(queue, looked))}
        />
      )}
    </>
  );
}

function nextToLookAt(queue: UploadQueue, after: Item): Item | undefined {
  const items = queue.items.value.filter((item) => item.state.value.kind === "graded" && wantsLook(item));
  return items.find(({ id }) => id > after.id) ?? items.find(({ id }) => id !== after.id);
}

function DropZone({ take }: { take: (files: Iterable<File>) => void }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => take(event.clipboardData?.files ?? []);
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
  return (
    <section
      class={over ? "drop-zone over" : "drop-zone"}
      aria-label={t("dropZone")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files ?? []);
      }}
    >
      <p class="drop-words">{t("dropHere")}</p>
      <label class="button mark">
        {t("chooseFiles")}
        <input
          type="file"
          accept="image/*"
          multiple
          onChange={(event) => {
            take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <p class="fine">{t("dropText")}</p>
    </section>
  );
}

function Summary({ queue, channel }: { queue: UploadQueue; channel: string }) {
  const items = queue.items.value;
  if (items.length === 0) return null;
  const { waiting = 0, grading = 0, graded = 0, toAdd = 0, adding = 0, added = 0 } = queue.counts.value;
  const good = items.filter((item) => item.state.value.kind === "graded" && !wantsLook(item));
  const active = waiting + grading + toAdd + adding;
  const done = items.filter(({ state }) => state.value.kind === "added");
  const phase =
    waiting + grading > 0 ? "gradingCount" : active > 0 ? "addingCount" : graded > 0 ? "gradedCount" : "queueDone";
  return (
    <section class="queue-summary card" aria-label={t("progress")}>
      <p role="status" data-testid="progress">
        {t(phase, { left: number(active), graded: number(graded), added: number(added), total: number(items.length) })}
        {queue.paused.value && ` ${t("isPaused")}`}
      </p>
      <progress
        max={2 * items.length}
        value={2 * items.length - 2 * (waiting + grading) - (graded + toAdd + adding)}
        aria-label={t("progress")}
      />
      <p class="actions">
        {good.length > 0 && (
          <button type="button" class="button mark" onClick={() => queue.add(good)}>
            {t("addGood", { count: good.length })}
          </button>
        )}
        {graded > good.length && (
          <button type="button" class="button line" onClick={() => queue.add()}>
            {t("addAll", { count: graded })}
          </button>
        )}
        {active > 0 && !queue.paused.value && (
          <button type="button" class="button line" onClick={() => queue.pause()}>
            {t("pause")}
          </button>
        )}
        {queue.paused.value && (
          <button type="button" class="button ink" onClick={() => queue.resume()}>
            {t("resume")}
          </button>
        )}
        {done.length > 0 && (
          <button type="button" class="button line" onClick={() => queue.remove(done)}>
            {t("clearAdded")}
          </button>
        )}
        {done.length > 0 && active === 0 && (
          <a class="button line" href={addressOf({ page: "gallery", channel, prefix: "" })}>
            {t("toGallery")}
          </a>
        )}
      </p>
    </section>
  );
}

function Row({ item, queue, look }: { item: Item; queue: UploadQueue; look: () => void }) {
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
          <button type="button" class="button line small" onClick={look}>
            {t("look")}
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

/** What is refused for the picture itself would be refused again. */
function mayTryAgain({ state: { value } }: Item): boolean {
  return value.kind === "refused" && !PICTURE_REFUSED.includes(value.trouble.returncode);
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
  const { level = 0, similar = [] } = item.grade.value ?? {};
  const twin = similar.find(({ matches }) => matches === 1);
  return (
    <>
      {level <= 2 && <span class="tag warn">{t("hardToRecognize")}</span>}
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

interface LookProps {
  readonly channel: string;
  readonly item: Item;
  readonly queue: UploadQueue;
  readonly close: () => void;
  readonly next: () => void;
}

function LookDialog({ channel, item, queue, close, next }: LookProps) {
  const { identifier, grade, prepared, state } = item;
  if (!grade.value || !prepared.value) return null;
  return (
    <Dialog title={identifier.value} close={close} wide>
      <GradeReport channel={channel} picture={prepared.value.thumbnail} grade={grade.value} />
      <p class="actions">
        {state.value.kind === "graded" && (
          <button
            type="button"
            class="button mark"
            onClick={() => {
              queue.add([item]);
              next();
            }}
          >
            {t("add")}
          </button>
        )}
        {(state.value.kind === "graded" || state.value.kind === "refused") && (
          <button
            type="button"
            class="button danger"
            onClick={() => {
              queue.remove([item]);
              next();
            }}
          >
            {t("leaveOut")}
          </button>
        )}
        <button type="button" class="button line" onClick={close}>
          {t("close")}
        </button>
      </p>
    </Dialog>
  );
}
