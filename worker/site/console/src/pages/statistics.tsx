/** A channel's statistics: scans and their outcome by day, how fast answers were, and which pictures were recognized. */

import { useState } from "preact/hooks";
import type { Latency, StatisticsRecord } from "../../../../../shared/protocol.ts";
import { type Trouble, useAnswer } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { Lines, StackedBars } from "../parts/chart.tsx";
import { SelectField } from "../parts/field.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { addressOf } from "../route.ts";
import { api } from "../session.ts";
import { saveCsv } from "../statistics/csv.ts";
import { daysUntilToday, rangeOf } from "../statistics/days.ts";

const PERIODS = ["7", "30", "90", "365"] as const;
const PERCENTILES: readonly (keyof Latency)[] = ["p50", "p95", "p99"];
const PICTURES_MOST = 50;

type Period = (typeof PERIODS)[number];

export function StatisticsPage({ channel }: { channel: string }) {
  const [period, setPeriod] = useState<Period>("30");
  const range = rangeOf(Number(period));
  // Sums by day come for all channels at once; those by picture for one.
  const byDay = useAnswer(() => api().statistics(range), [period]);
  const byPicture = useAnswer(() => api().statistics({ ...range, channel }), [channel, period]);
  const days = daysUntilToday(Number(period), byDay.answer?.timezone);
  const records = byDay.answer?.records?.filter((record) => record.channel === channel) ?? [];
  const shown = new Map(records.map((record) => [record.date, record]));
  // All at once: what came first would be pushed down by what comes later.
  const isHere = [byDay, byPicture].every(({ answer, trouble }) => answer || trouble);
  return (
    <>
      <div class="head">
        <h1>{t("statistics")}</h1>
        <SelectField
          label={t("period")}
          value={period}
          change={setPeriod}
          options={PERIODS.map((days) => [days, t("lastDays", { days })] as const)}
        />
      </div>
      <TroubleNote trouble={byDay.trouble} retry={byDay.reload} />
      {isHere && byDay.answer && (
        <>
          <Totals records={days.flatMap((day) => shown.get(day) ?? [])} />
          <section class="card" aria-labelledby="scans-title">
            <h2 id="scans-title">{t("scansByDay")}</h2>
            <StackedBars
              days={days}
              series={(["match", "nomatch", "badframe"] as const).map((tone) => ({
                name: t(tone),
                tone,
                values: days.map((day) => shown.get(day)?.[tone === "match" ? "count" : tone]),
              }))}
            />
          </section>
          <section class="card" aria-labelledby="latency-title">
            <h2 id="latency-title">{t("latencyByDay")}</h2>
            <Lines
              days={days}
              unit={t("milliseconds")}
              series={PERCENTILES.map((tone) => ({
                name: t(tone),
                tone,
                values: days.map((day) => shown.get(day)?.latency?.[tone]),
              }))}
            />
          </section>
        </>
      )}
      <TroubleNote trouble={byPicture.trouble} retry={byPicture.reload} />
      {isHere && byPicture.answer && (
        <ByPicture channel={channel} records={byPicture.answer.records ?? []} days={days} />
      )}
      {isHere && <Downloads channel={channel} range={range} />}
    </>
  );
}

function Totals({ records }: { records: readonly StatisticsRecord[] }) {
  const sum = (name: "queries" | "count" | "nomatch" | "badframe") =>
    records.reduce((total, record) => total + (record[name] ?? 0), 0);
  const queries = sum("queries");
  const share = (part: number) => (queries ? `${number((100 * part) / queries)}%` : "–");
  const figures = [
    ["scans", number(queries)],
    ["match", `${number(sum("count"))}`, share(sum("count"))],
    ["nomatch", `${number(sum("nomatch"))}`, share(sum("nomatch"))],
    ["badframe", `${number(sum("badframe"))}`, share(sum("badframe"))],
  ] as const;
  return (
    <dl class="totals" data-testid="totals">
      {figures.map(([name, count, part]) => (
        <div key={name} class="card" data-name={name}>
          <dt>{t(name)}</dt>
          <dd>
            {count} {part && <small>{part}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface ByPictureProps {
  readonly channel: string;
  readonly records: readonly StatisticsRecord[];
  readonly days: readonly string[];
}

function ByPicture({ channel, records, days }: ByPictureProps) {
  const counts = new Map<string, number>();
  for (const { date, identifier = "", count } of records) {
    if (days.includes(date)) counts.set(identifier, (counts.get(identifier) ?? 0) + count);
  }
  const sorted = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  const most = sorted[0]?.[1] ?? 1;
  return (
    <section class="card" aria-labelledby="by-picture-title">
      <h2 id="by-picture-title">{t("byPicture")}</h2>
      {sorted.length === 0 && <p>{t("noMatches")}</p>}
      {sorted.length > 0 && (
        <table class="by-picture">
          <thead>
            <tr>
              <th scope="col">{t("picture")}</th>
              <th scope="col">{t("matches")}</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, PICTURES_MOST).map(([identifier, count]) => (
              <tr key={identifier}>
                <th scope="row">
                  <a class="mono" href={addressOf({ page: "image", channel, identifier })}>
                    {identifier}
                  </a>
                </th>
                <td>{number(count)}</td>
                <td class="share" aria-hidden="true">
                  <meter min={0} max={most} value={count} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sorted.length > PICTURES_MOST && (
        <p class="fine">{t("restInTable", { count: sorted.length - PICTURES_MOST })}</p>
      )}
    </section>
  );
}

function Downloads({ channel, range }: { channel: string; range: ReturnType<typeof rangeOf> }) {
  const [trouble, setTrouble] = useState<Trouble>();
  const { startdate, enddate } = range;
  const save = async (which: { channel?: string }, name: string) =>
    setTrouble(await saveCsv({ ...range, ...which }, `${name}.${startdate}-${enddate}.csv`));
  return (
    <section class="card" aria-labelledby="download-title">
      <h2 id="download-title">{t("downloadTitle")}</h2>
      <TroubleNote trouble={trouble} />
      <p class="actions">
        <button type="button" class="button line small" onClick={() => save({ channel }, channel)}>
          {t("csvByPicture")}
        </button>
        <button type="button" class="button line small" onClick={() => save({}, "channels")}>
          {t("csvByChannel")}
        </button>
      </p>
    </section>
  );
}
