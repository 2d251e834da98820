/** One picture: what it is, what is shown on it, how strictly it is matched, a test scan, and how often it was recognized. */

import { useState } from "preact/hooks";
import { useAnswer } from "../ask.ts";
import { t } from "../i18n.ts";
import { History } from "../image/history.tsx";
import { MetadataEditor } from "../image/metadata-editor.tsx";
import { ReplacePicture } from "../image/replace.tsx";
import { TestScan } from "../image/test-scan.tsx";
import { Threshold } from "../image/threshold.tsx";
import { RemoveDialog } from "../parts/remove-dialog.tsx";
import { Stars } from "../parts/stars.tsx";
import { Thumbnail } from "../parts/thumbnail.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { open } from "../route.ts";
import { api } from "../session.ts";

export function ImagePage({ channel, identifier }: { channel: string; identifier: string }) {
  const { answer, trouble, reload } = useAnswer(() => api().getImage({ channel, identifier }), [channel, identifier]);
  const [removing, setRemoving] = useState(false);
  const { metadata = "", matchratio = null, level = 0, trackingimage } = answer ?? {};
  const named = { channel, identifier, saved: reload };
  return (
    <>
      <h1 class="mono">{identifier}</h1>
      <TroubleNote trouble={trouble} retry={reload} />
      {answer && (
        <div class="image">
          <section class="card image-picture" aria-label={t("picture")}>
            {trackingimage && <Thumbnail key={trackingimage} address={trackingimage} alt={identifier} />}
            <p class="fine">{t("asTrackersSee")}</p>
            <p>
              <Stars level={level} />
            </p>
            <p class="actions">
              <ReplacePicture channel={channel} identifier={identifier} replaced={reload} />
              <button type="button" class="button danger small" onClick={() => setRemoving(true)}>
                {t("remove")}
              </button>
            </p>
          </section>
          <div class="image-side">
            <MetadataEditor key={metadata} {...named} metadata={metadata} />
            <Threshold key={matchratio} {...named} matchratio={matchratio} />
          </div>
          <div class="image-foot">
            <TestScan channel={channel} identifier={identifier} />
            <History channel={channel} identifier={identifier} />
          </div>
        </div>
      )}
      {removing && (
        <RemoveDialog
          channel={channel}
          identifiers={[identifier]}
          close={() => setRemoving(false)}
          done={() => open({ page: "gallery", channel, prefix: "" })}
        />
      )}
    </>
  );
}
