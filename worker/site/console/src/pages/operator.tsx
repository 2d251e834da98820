/** For the operator of the deployment: users with their secret keys, and the channels of each. */

import { useState } from "preact/hooks";
import type { ChannelSettings, UserSettings } from "../../../../../shared/protocol.ts";
import { announce } from "../announce.tsx";
import { ask, type Trouble, useAnswer } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { Dialog } from "../parts/dialog.tsx";
import { TextField } from "../parts/field.tsx";
import { Health } from "../parts/health.tsx";
import { Secret } from "../parts/secret.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { adminApi, operatorToken } from "../session.ts";

const PAGE_SIZE = 100;

interface NewSecret {
  readonly username: string;
  readonly secretkey: string;
}

export function OperatorPage() {
  const [trail, setTrail] = useState<readonly string[]>([]);
  const cursor = trail.at(-1);
  const { answer, trouble, reload } = useAnswer(() => adminApi().users({ cursor, limit: PAGE_SIZE }), [cursor]);
  const [opened, setOpened] = useState<string>();
  const [secret, setSecret] = useState<NewSecret>();
  if (!operatorToken.value) return <p class="note">{t("operatorSignedOut")}</p>;
  return (
    <>
      <h1>{t("operator")}</h1>
      <div class="cards">
        <section class="card wide" aria-labelledby="users-title">
          <h2 id="users-title">{t("users")}</h2>
          <TroubleNote trouble={trouble} retry={reload} />
          <ul class="users">
            {answer?.users?.map((user) => (
              <li key={user.username} data-user={user.username}>
                <User
                  user={user}
                  opened={opened === user.username}
                  toggle={() => setOpened(opened === user.username ? undefined : user.username)}
                  changed={reload}
                  showSecret={setSecret}
                />
              </li>
            ))}
          </ul>
          {(trail.length > 0 || answer?.cursor) && (
            <p class="actions">
              <button
                type="button"
                class="button line small"
                disabled={trail.length === 0}
                onClick={() => setTrail(trail.slice(0, -1))}
              >
                {t("previous")}
              </button>
              <button
                type="button"
                class="button line small"
                disabled={!answer?.cursor}
                onClick={() => answer?.cursor && setTrail([...trail, answer.cursor])}
              >
                {t("next")}
              </button>
            </p>
          )}
        </section>
        <NewUser made={reload} showSecret={setSecret} />
        <Health />
      </div>
      {secret && (
        <Dialog title={t("secretOf", { username: secret.username })} close={() => setSecret(undefined)}>
          <p>{t("secretOnce")}</p>
          <Secret label={t("secretkey")} value={secret.secretkey} />
        </Dialog>
      )}
    </>
  );
}

interface Changes {
  readonly changed: () => void;
  readonly showSecret: (secret: NewSecret) => void;
}

function User({
  user,
  opened,
  toggle,
  changed,
  showSecret,
}: Changes & { user: UserSettings; opened: boolean; toggle: () => void }) {
  const { username, secrets, disabled } = user;
  const [trouble, setTrouble] = useState<Trouble>();
  const change = async (asked: ReturnType<typeof ask>, words: string) => {
    const result = await asked;
    setTrouble(result.ok ? undefined : result.trouble);
    if (result.ok) announce(words);
    changed();
  };
  const rotate = async () => {
    const asked = await ask(adminApi().rotateSecret({ username }));
    setTrouble(asked.ok ? undefined : asked.trouble);
    if (asked.ok && asked.answer.secretkey) showSecret({ username, secretkey: asked.answer.secretkey });
    changed();
  };
  return (
    <>
      <div class="user">
        <button type="button" class="plain mono" aria-expanded={opened} onClick={toggle}>
          {username}
        </button>
        {disabled === 1 && <span class="tag warn">{t("disabled")}</span>}
        {secrets === 2 && <span class="tag">{t("twoSecrets")}</span>}
        <p class="row-actions">
          <button type="button" class="button line small" onClick={rotate}>
            {t("rotate")}
            <span class="unseen"> {username}</span>
          </button>
          {secrets === 2 && (
            <button
              type="button"
              class="button line small"
              onClick={() => change(ask(adminApi().retireSecret({ username })), t("retired", { username }))}
            >
              {t("retire")}
              <span class="unseen"> {username}</span>
            </button>
          )}
          <button
            type="button"
            class={disabled ? "button line small" : "button danger small"}
            onClick={() => change(ask(adminApi().putUser({ username, disabled: disabled ? 0 : 1 })), t("changed"))}
          >
            {t(disabled ? "enable" : "disable")}
            <span class="unseen"> {username}</span>
          </button>
        </p>
      </div>
      <TroubleNote trouble={trouble} />
      {opened && <ChannelsOf username={username} />}
    </>
  );
}

/** Not for a user that exists, who would lose all keys. */
function NewUser({ made, showSecret }: { made: () => void; showSecret: (secret: NewSecret) => void }) {
  const [username, setUsername] = useState("");
  const [problem, setProblem] = useState<string>();
  const [trouble, setTrouble] = useState<Trouble>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const name = username.trim();
    const known = await ask(adminApi().users({ cursor: justBefore(name), limit: 1 }));
    const taken = known.ok && known.answer.users?.[0]?.username === name;
    setProblem(taken ? t("userExists") : undefined);
    if (taken) return;
    const asked = await ask(adminApi().putUser({ username: name }));
    setTrouble(asked.ok ? undefined : asked.trouble);
    if (!asked.ok || !asked.answer.secretkey) return;
    showSecret({ username: name, secretkey: asked.answer.secretkey });
    setUsername("");
    made();
  };
  return (
    <form class="card form" onSubmit={submit} aria-labelledby="new-user-title">
      <h2 id="new-user-title">{t("newUser")}</h2>
      <TextField
        label={t("username")}
        value={username}
        change={setUsername}
        hint={t("nameHint")}
        problem={problem}
        required
        mono
      />
      <TroubleNote trouble={trouble} />
      <p class="actions">
        <button type="submit" class="button mark">
          {t("makeUser")}
        </button>
      </p>
    </form>
  );
}

/** A name in whose place none can be, right before this one: a page that begins behind it begins with this one. */
function justBefore(name: string): string {
  return `${name.slice(0, -1)}${String.fromCharCode(Math.max(0, name.charCodeAt(name.length - 1) - 1))}\x7f`;
}

function ChannelsOf({ username }: { username: string }) {
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
