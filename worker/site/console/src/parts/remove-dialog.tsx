/** Asks before pictures are removed, and removes them one after the other. */

import { useState } from "preact/hooks";
import { persist } from "../../../../../shared/retry.ts";
import { announce } from "../announce.tsx";
import { ask, type Trouble } from "../ask.ts";
import { t } from "../i18n.ts";
import { api } from "../session.ts";
import { Dialog } from "./dialog.tsx";
import { TroubleNote } from "./trouble.tsx";

/** Named one by one before they are removed; of more, how many. */
const NAMED_MOST = 8;

interface Props {
  readonly channel: string;
  readonly identifiers: readonly string[];
  readonly close: () => void;
  readonly done: () => void;
}

/** Removing may be repeated, so what was lost on the way is asked again. */
export function RemoveDialog({ channel, identifiers, close, done }: Props) {
  const [progress, setProgress] = useState<number>();
  const [trouble, setTrouble] = useState<Trouble>();
  const remove = async () => {
    setTrouble(undefined);
    for (const [i, identifier] of identifiers.entries()) {
      setProgress(i);
      const wait = (_: string, ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
      const asked = await ask(persist(() => api().removeImage({ channel, identifier }), wait));
      if (asked.ok) continue;
      setProgress(undefined);
      return setTrouble(asked.trouble);
    }
    announce(t("removed", { count: identifiers.length }));
    done();
  };
  const count = identifiers.length;
  return (
    <Dialog title={t("removeTitle", { count })} close={close}>
      <p>{t("removeText", { count })}</p>
      <ul class="names">
        {identifiers.slice(0, NAMED_MOST).map((identifier) => (
          <li key={identifier}>{identifier}</li>
        ))}
        {count > NAMED_MOST && <li>{t("andMore", { count: count - NAMED_MOST })}</li>}
      </ul>
      {progress !== undefined && <progress max={count} value={progress} aria-label={t("removing")} />}
      <TroubleNote trouble={trouble} />
      <p class="actions">
        <button type="button" class="button danger" disabled={progress !== undefined} onClick={remove}>
          {t("removeCount", { count })}
        </button>
        <button type="button" class="button line" onClick={close}>
          {t("cancel")}
        </button>
      </p>
    </Dialog>
  );
}
