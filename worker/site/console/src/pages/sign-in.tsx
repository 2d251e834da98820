/** Sign in: as a user with the secret key, or as the deployment's operator. */

import { useState } from "preact/hooks";
import { getHealth } from "../../../../../shared/client.ts";
import { ask, type Trouble, useAnswer } from "../ask.ts";
import { t } from "../i18n.ts";
import { TextField } from "../parts/field.tsx";
import { OperatorForm } from "../parts/operator-form.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { type Account, signIn } from "../session.ts";

export function SignInPage() {
  const { answer: health, trouble: unreachable, reload } = useAnswer(() => getHealth(""), []);
  return (
    <div class="sign-in">
      <div class="sign-in-words">
        <h1>{t("signInTitle")}</h1>
        <p>{t("signInText")}</p>
        <TroubleNote trouble={unreachable} retry={reload} />
      </div>
      <div>
        <UserForm demo={health?.demo} />
        <details class="card quiet">
          <summary>{t("operatorSignIn")}</summary>
          <OperatorForm />
        </details>
      </div>
    </div>
  );
}

function UserForm({ demo }: { demo: Account | undefined }) {
  const [username, setUsername] = useState("");
  const [secretkey, setSecretkey] = useState("");
  const [remember, setRemember] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const enter = async (candidate: Account) => {
    setTrouble(undefined);
    const asked = await ask(signIn(candidate, remember));
    if (!asked.ok) setTrouble(asked.trouble);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    void enter({ username: username.trim(), secretkey: secretkey.trim() });
  };
  return (
    <form class="card form" onSubmit={submit}>
      <h2>{t("signIn")}</h2>
      <TextField label={t("username")} value={username} change={setUsername} autocomplete="username" required />
      <TextField
        label={t("secretkey")}
        value={secretkey}
        change={setSecretkey}
        type="password"
        autocomplete="current-password"
        required
      />
      <label class="check">
        <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.currentTarget.checked)} />
        <span>
          {t("remember")}
          <small>{t("rememberText")}</small>
        </span>
      </label>
      <TroubleNote trouble={trouble} />
      <button type="submit" class="button mark">
        {t("signIn")}
      </button>
      {demo && (
        <button type="button" class="button line" onClick={() => enter(demo)}>
          {t("useDemo")}
        </button>
      )}
    </form>
  );
}
