/** Makes a user and shows the secret key. */

import { useState } from "preact/hooks";
import { ask, type Trouble } from "../ask.ts";
import { t } from "../i18n.ts";
import { TextField } from "../parts/field.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { adminApi } from "../session.ts";
import type { NewSecret } from "./user.tsx";

/** Not for a user that exists, who would lose all keys. */
export function NewUser({ made, showSecret }: { made: () => void; showSecret: (secret: NewSecret) => void }) {
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
