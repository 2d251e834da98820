/** A user: keys, open or disabled, and the channels. */

import { useState } from "preact/hooks";
import type { UserSettings } from "../../../../../shared/protocol.ts";
import { announce } from "../announce.tsx";
import { ask, type Trouble } from "../ask.ts";
import { t } from "../i18n.ts";
import { TroubleNote } from "../parts/trouble.tsx";
import { adminApi } from "../session.ts";
import { ChannelsOf } from "./channels-of.tsx";

export interface NewSecret {
  readonly username: string;
  readonly secretkey: string;
}

interface Changes {
  readonly changed: () => void;
  readonly showSecret: (secret: NewSecret) => void;
}

export function User({
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
