/** The whole grade of one picture, and the decision on it. */

import { t } from "../i18n.ts";
import { Dialog } from "../parts/dialog.tsx";
import { GradeReport } from "../parts/grade-report.tsx";
import type { Item, UploadQueue } from "./queue.ts";

interface Props {
  readonly channel: string;
  readonly item: Item;
  readonly queue: UploadQueue;
  readonly close: () => void;
  readonly next: () => void;
}

/** `next` goes on to the next picture that wants a look. */
export function DetailsDialog({ channel, item, queue, close, next }: Props) {
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
