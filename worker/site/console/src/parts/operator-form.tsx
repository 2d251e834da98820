/** The operator's sign-in, alone or beside that of a user. */

import { useState } from "preact/hooks";
import { ask, type Trouble } from "../ask.ts";
import { t } from "../i18n.ts";
import { signInOperator } from "../session.ts";
import { TextField } from "./field.tsx";
import { TroubleNote } from "./trouble.tsx";

export function OperatorForm() {
  const [token, setToken] = useState("");
  const [trouble, setTrouble] = useState<Trouble>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const asked = await ask(signInOperator(token.trim()));
    if (!asked.ok) setTrouble(asked.trouble);
  };
  return (
    <form class="form" onSubmit={submit}>
      <p class="fine">{t("operatorSignInText")}</p>
      <TextField label={t("adminToken")} value={token} change={setToken} type="password" autocomplete="off" required />
      <TroubleNote trouble={trouble} />
      <button type="submit" class="button ink">
        {t("operatorSignIn")}
      </button>
    </form>
  );
}
