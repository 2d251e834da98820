/** How far the queue is, and what can be done with all of it. */

import { number, t } from "../i18n.ts";
import { addressOf } from "../route.ts";
import { type UploadQueue, wantsLook } from "./queue.ts";

export function Summary({ queue, channel }: { queue: UploadQueue; channel: string }) {
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
