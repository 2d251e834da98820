/** Something that is shown once and must be copied: a key or a token. */

import { announce } from "../announce.tsx";
import { t } from "../i18n.ts";

export function Secret({ label, value }: { label: string; value: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    announce(t("copied"));
  };
  return (
    <div class="secret">
      <label class="field">
        <span class="field-label">{label}</span>
        <input class="mono" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
      </label>
      {navigator.clipboard && ( // which only HTTPS and localhost have
        <button type="button" class="button line" onClick={copy}>
          {t("copy")}
        </button>
      )}
    </div>
  );
}
