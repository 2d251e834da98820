/** A level of 1 to 5 as stars. */

import { t } from "../i18n.ts";

const STAR = "m10 2.2 2.4 5 5.5.7-4 3.8 1 5.5L10 14.5l-4.9 2.7 1-5.5-4-3.8 5.5-.7z";

export function Stars({ level }: { level: number }) {
  return (
    <span
      class="stars"
      role="img"
      aria-label={t("levelOf", { level })}
      title={t("levelOf", { level })}
      data-level={level}
    >
      {[1, 2, 3, 4, 5].map((star) => (
        <svg key={star} viewBox="0 0 20 20" class={star <= level ? "full" : ""} aria-hidden="true">
          <path d={STAR} />
        </svg>
      ))}
    </span>
  );
}
