/** How often the picture was recognized, day by day. */

import { useState } from "preact/hooks";
import { type Trouble, useAnswer } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { StackedBars } from "../parts/chart.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { api } from "../session.ts";
import { saveCsv } from "../statistics/csv.ts";
import { daysUntilToday, rangeOf } from "../statistics/days.ts";

const DAYS = 30;

export function History({ channel, identifier }: { channel: string; identifier: string }) {
  const { answer, trouble, reload } = useAnswer(
    () => api().statistics({ ...rangeOf(DAYS), channel, identifier }),
    [channel, identifier],
  );
  const [unsaved, setUnsaved] = useState<Trouble>();
  const save = async () => setUnsaved(await saveCsv({ ...rangeOf(DAYS), channel, identifier }, `${identifier}.csv`));
  const counts = new Map(answer?.records?.map(({ date, count }) => [date, count]));
  const days = daysUntilToday(DAYS, answer?.timezone);
  const values = days.map((day) => counts.get(day) ?? 0);
  const total = values.reduce((sum, value) => sum + value, 0);
  return (
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">{t("historyTitle", { days: DAYS })}</h2>
      <TroubleNote trouble={trouble} retry={reload} />
      {answer && (
        <>
          <p data-testid="total">{t("matchesTotal", { count: number(total) })}</p>
          {total > 0 && (
            <>
              <StackedBars days={days} series={[{ name: t("matches"), tone: "match", values }]} />
              <TroubleNote trouble={unsaved} />
              <p class="actions">
                <button type="button" class="button line small" onClick={save}>
                  {t("downloadTitle")}
                </button>
              </p>
            </>
          )}
        </>
      )}
    </section>
  );
}
