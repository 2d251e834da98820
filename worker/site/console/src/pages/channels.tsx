/** The user's channels: how full they are, and the way into each. */

import { useEffect } from "preact/hooks";
import type { ChannelInfo } from "../../../../../shared/protocol.ts";
import { useAnswer } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { TroubleNote } from "../parts/trouble.tsx";
import { addressOf } from "../route.ts";
import { account, channels, loadChannels } from "../session.ts";

export function ChannelsPage() {
  const { trouble, reload } = useAnswer(loadChannels, []);
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
            <ChannelCard {...info} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ChannelCard({ channel, imagecount, quota, publicread }: ChannelInfo) {
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
