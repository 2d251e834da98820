/** Whether the deployment answers, and which version it is. */

import { getHealth } from "../../../../../shared/client.ts";
import { useAnswer } from "../ask.ts";
import { t } from "../i18n.ts";
import { TroubleNote } from "./trouble.tsx";

export function Health() {
  const { answer, trouble, reload } = useAnswer(() => getHealth(""), []);
  return (
    <section class="card" aria-labelledby="health-title">
      <h2 id="health-title">{t("health")}</h2>
      <TroubleNote trouble={trouble} retry={reload} />
      {answer?.status && (
        <p>
          <span class="done">{t("healthOk")}</span> {t("version", { version: answer.version ?? "" })}{" "}
          <a href="/openapi.json">openapi.json</a>
        </p>
      )}
    </section>
  );
}
