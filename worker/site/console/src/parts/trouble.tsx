/** What went wrong, and the way on. */

import { type Trouble, wordsOf } from "../ask.ts";
import { t } from "../i18n.ts";

interface Props {
  readonly trouble: Trouble | undefined;
  readonly retry?: () => void;
}

export function TroubleNote({ trouble, retry }: Props) {
  if (!trouble) return null;
  return (
    <div class="note alert" role="alert">
      <p>{wordsOf(trouble)}</p>
      {trouble.requestid && <p class="fine">{t("request", { requestid: trouble.requestid })}</p>}
      {retry && (
        <button type="button" class="button line small" onClick={retry}>
          {t("tryAgain")}
        </button>
      )}
    </div>
  );
}
