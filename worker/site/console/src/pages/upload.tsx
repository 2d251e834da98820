/** Adding pictures: dropped or chosen, graded one by one, looked at, and added. */

import { useState } from "preact/hooks";
import { t } from "../i18n.ts";
import { TroubleNote } from "../parts/trouble.tsx";
import { account, api } from "../session.ts";
import { DetailsDialog } from "../upload/details-dialog.tsx";
import { DropZone } from "../upload/drop-zone.tsx";
import { type Item, UploadQueue, wantsLook } from "../upload/queue.ts";
import { Row } from "../upload/row.tsx";
import { Summary } from "../upload/summary.tsx";

/** A queue goes on while other pages are open, and ends with the session. */
const queues = new Map<string, UploadQueue>();
account.subscribe(() => {
  for (const queue of queues.values()) queue.end();
  queues.clear();
});

function queueOf(channel: string): UploadQueue {
  const queue = queues.get(channel) ?? new UploadQueue(channel, api());
  queues.set(channel, queue);
  return queue;
}

addEventListener("beforeunload", (event) => {
  const unfinished = [...queues.values()].some(({ counts: { value } }) => value.adding || value.toAdd || value.graded);
  if (unfinished) event.preventDefault();
});

export function UploadPage({ channel }: { channel: string }) {
  const queue = queueOf(channel);
  const [detailed, setDetailed] = useState<Item>();
  return (
    <>
      <h1>{t("addPictures")}</h1>
      <DropZone take={(files) => queue.take(files)} />
      <Summary queue={queue} channel={channel} />
      <TroubleNote trouble={queue.trouble.value} />
      <ol class="queue" data-testid="queue">
        {queue.items.value.map((item) => (
          <Row key={item.id} item={item} queue={queue} showDetails={() => setDetailed(item)} />
        ))}
      </ol>
      {detailed && (
        <DetailsDialog
          key={detailed.id}
          channel={channel}
          item={detailed}
          queue={queue}
          close={() => setDetailed(undefined)}
          next={() => setDetailed(nextToLookAt(queue, detailed))}
        />
      )}
    </>
  );
}

function nextToLookAt(queue: UploadQueue, after: Item): Item | undefined {
  const items = queue.items.value.filter((item) => item.state.value.kind === "graded" && wantsLook(item));
  return items.find(({ id }) => id > after.id) ?? items.find(({ id }) => id !== after.id);
}
