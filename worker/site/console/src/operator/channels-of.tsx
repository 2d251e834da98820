/** The channels of a user: their quota, public reading, open or disabled; and new ones. */

import { useState } from "preact/hooks";
import type { ChannelSettings } from "../../../../../shared/protocol.ts";
import { announce } from "../announce.tsx";
import { ask, type Trouble, useAnswer } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { TextField } from "../parts/field.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { adminApi } from "../session.ts";

export function ChannelsOf({ username }: { username: string }) {
  const { answer, trouble, reload } = useAnswer(() => adminApi().channels({ username, limit: 1000 }), [username]);
  return (
    <div class="channels-of">
      <TroubleNote trouble={trouble} retry={reload} />
      <ul>
        {answer?.channels?.map((settings) => (
          <li key={settings.channel} data-channel={settings.channel}>
            <ChannelRow {...settings} changed={reload} />
          </li>
        ))}
      </ul>
      <NewChannel username={username} made={reload} />
    </div>
  );
}

function ChannelRow({ changed, ...settings }: ChannelSettings & { changed: () => void }) {
  const { channel, username, quota, publicread, disabled } = settings;
  const [trouble, setTrouble] = useState<Trouble>();
  const put = async (change: { publicread?: 0 | 1; disabled?: 0 | 1 }) => {
    const asked = await ask(adminApi().putChannel({ username, channel, ...change }));
    setTrouble(asked.ok ? undefined : asked.trouble);
    if (asked.ok) announce(t("changed"));
    changed();
  };
  return (
    <div class="user">
      <span class="mono">{channel}</span>
      <span class="fine">{t("ofQuota", { quota: number(quota) })}</span>
      {disabled === 1 && <span class="tag warn">{t("disabled")}</span>}
      <p class="row-actions">
        <label class="check fine">
          <input
            type="checkbox"
            checked={publicread === 1}
            onChange={(event) => put({ publicread: event.currentTarget.checked ? 1 : 0 })}
          />
          <span>{t("publicReadShort")}</span>
        </label>
        <button
          type="button"
          class={disabled ? "button line small" : "button danger small"}
          onClick={() => put({ disabled: disabled ? 0 : 1 })}
        >
          {t(disabled ? "enable" : "disable")}
          <span class="unseen"> {channel}</span>
        </button>
      </p>
      <TroubleNote trouble={trouble} />
    </div>
  );
}

/** A channel that exists gets another quota. */
function NewChannel({ username, made }: { username: string; made: () => void }) {
  const [channel, setChannel] = useState("");
  const [quota, setQuota] = useState("");
  const [trouble, setTrouble] = useState<Trouble>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const fields = { username, channel: channel.trim(), quota: quota === "" ? undefined : Number(quota) };
    const asked = await ask(adminApi().putChannel(fields));
    setTrouble(asked.ok ? undefined : asked.trouble);
    if (!asked.ok) return;
    announce(t("channelMade", { channel: fields.channel }));
    setChannel("");
    setQuota("");
    made();
  };
  return (
    <form class="new-channel" onSubmit={submit}>
      <TextField label={t("newChannel")} value={channel} change={setChannel} hint={t("nameHint")} required mono />
      <TextField label={t("quota")} type="number" value={quota} change={setQuota} hint={t("quotaHint")} />
      <button type="submit" class="button ink">
        {t("saveChannel")}
      </button>
      <TroubleNote trouble={trouble} />
    </form>
  );
}
