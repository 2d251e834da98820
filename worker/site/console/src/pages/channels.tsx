/** The user's channels: how full they are, how much they are scanned, and the way into each. */

import { useEffect } from "preact/hooks";
import type { ChannelInfo, StatisticsRecord } from "../../../../../shared/protocol.ts";
import { useAnswer } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { TroubleNote } from "../parts/trouble.tsx";
import { addressOf } from "../route.ts";
import { account, api, channels, loadChannels } from "../session.ts";
import { daysUntilToday, rangeOf } from "../statistics/days.ts";

const DAYS = 30;

export function ChannelsPage() {
  const { trouble, reload } = useAnswer(loadChannels, []);
  const { answer } = useAnswer(() => api().statistics(rangeOf(DAYS)), []);
  const days = new Set(daysUntilToday(DAYS, answer?.timezone));
  const records = answer?.records?.filter(({ date }) => days.has(date));
  useEffect(() => {
    addEventListener("focus", reload);
    return () => removeEventListener("focus", reload);
  }, []);
  return (
    <>
      <h1>{t("channelsTitle", { username: account.value?.username ?? "" })}</h1>
      <TroubleNote trouble={trouble} retry={reload} />
      {channels.value?.length === 0 && <p class="note">{t("noChannels")}</p>}
      <ul class="channels">
        {channels.value?.map((info) => (
          <li key={info.channel}>
            <ChannelCard {...info} records={records?.filter(({ channel }) => channel === info.channel)} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface Scanned {
  /** Of the last days, this channel's; undefined until they are there. */
  readonly records: readonly StatisticsRecord[] | undefined;
}

function ChannelCard({ channel, imagecount, quota, publicread, records }: ChannelInfo & Scanned) {
  return (
    <article class="card channel">
      <h2>
        <a href={addressOf({ page: "gallery", channel, prefix: "" })}>{channel}</a>
      </h2>
      <p class="count">
        <strong>{number(imagecount)}</strong> {t("ofQuota", { quota: number(quota) })}
      </p>
      <meter
        min={0}
        max={quota}
        high={0.9 * quota}
        optimum={0}
        value={imagecount}
        aria-label={t("fillOf", { channel })}
      />
      <p class="fine scans" data-testid="scans">
        {records && wordsOn(records)}
      </p>
      {publicread === 1 && <p class="fine">{t("publicRead")}</p>}
      <p class="actions">
        <a class="button line small" href={addressOf({ page: "gallery", channel, prefix: "" })}>
          {t("pictures")}
        </a>
        <a class="button line small" href={addressOf({ page: "upload", channel })}>
          {t("addPictures")}
        </a>
        <a class="button line small" href={addressOf({ page: "statistics", channel })}>
          {t("statistics")}
        </a>
      </p>
    </article>
  );
}

function wordsOn(records: readonly StatisticsRecord[]): string {
  const sum = (name: "queries" | "count") => records.reduce((total, record) => total + (record[name] ?? 0), 0);
  const scans = sum("queries");
  if (scans === 0) return t("noScans", { days: DAYS });
  return t("scansOf", { scans: number(scans), days: DAYS, share: number((100 * sum("count")) / scans) });
}
