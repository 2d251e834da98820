/** Query tokens for phones, what becomes of the secret key, and the service's health. */

import { useState } from "preact/hooks";
import type { IssueTokenAnswer } from "../../../../../shared/protocol.ts";
import { scanPageAddress } from "../../../../../shared/scan-page.ts";
import { ask, type Trouble, useAnswer } from "../ask.ts";
import { language, t } from "../i18n.ts";
import { SelectField } from "../parts/field.tsx";
import { Health } from "../parts/health.tsx";
import { QrCode } from "../parts/qr-code.tsx";
import { Secret } from "../parts/secret.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { addressOf } from "../route.ts";
import { api, channels, loadChannels, operatorToken } from "../session.ts";

const LIFETIMES = ["600", "3600", "28800", "86400"] as const;
const ALL_CHANNELS = "";

export function KeysPage() {
  return (
    <>
      <h1>{t("keys")}</h1>
      <div class="cards">
        <TokenForm />
        <section class="card" aria-labelledby="secret-title">
          <h2 id="secret-title">{t("secretkey")}</h2>
          <p>{t("secretText")}</p>
          {!operatorToken.value && (
            <p class="actions">
              <a class="button line small" href={addressOf({ page: "operator" })}>
                {t("operatorSignIn")}
              </a>
            </p>
          )}
        </section>
        <Health />
      </div>
    </>
  );
}

interface Issued extends IssueTokenAnswer {
  readonly channel: string;
}

function TokenForm() {
  const { trouble: unlisted, reload } = useAnswer(loadChannels, []);
  const [channel, setChannel] = useState(ALL_CHANNELS);
  const [ttl, setTtl] = useState<(typeof LIFETIMES)[number]>("3600");
  const [issued, setIssued] = useState<Issued>();
  const [trouble, setTrouble] = useState<Trouble>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const asked = await ask(api().issueToken({ channel: channel || undefined, ttl: Number(ttl) }));
    setTrouble(asked.ok ? undefined : asked.trouble);
    setIssued(asked.ok ? { ...asked.answer, channel } : undefined);
  };
  return (
    <form class="card form" onSubmit={submit} aria-labelledby="token-title">
      <h2 id="token-title">{t("tokenTitle")}</h2>
      <p class="fine">{t("tokenText")}</p>
      <TroubleNote trouble={unlisted} retry={reload} />
      <SelectField
        label={t("channel")}
        value={channel}
        change={setChannel}
        options={[
          [ALL_CHANNELS, t("allChannels")],
          ...(channels.value ?? []).map((each) => [each.channel, each.channel] as const),
        ]}
      />
      <SelectField
        label={t("lifetime")}
        value={ttl}
        change={setTtl}
        options={LIFETIMES.map((seconds) => [seconds, t(`ttl_${seconds}`)] as const)}
      />
      <TroubleNote trouble={trouble} />
      <p class="actions">
        <button type="submit" class="button mark">
          {t("issueToken")}
        </button>
      </p>
      {issued?.token && <IssuedToken {...issued} />}
    </form>
  );
}

function IssuedToken({ token = "", expires = 0, channel }: Issued) {
  const address = scanPageAddress(location.origin, token, channel);
  const ends = new Date(expires * 1000).toLocaleString(language.value === "zh" ? "zh-CN" : "en");
  return (
    <div class="issued" role="status" data-testid="token">
      <p>{t("tokenEnds", { ends })}</p>
      <QrCode text={address} label={t("qrCode")} failed={t("qrCodeFailed")} />
      <p>
        <a href={address} target="_blank" rel="noreferrer">
          {t("openScanPage")}
        </a>
      </p>
      <Secret label={t("scanAddress")} value={address} />
      <Secret label={t("token")} value={token} />
    </div>
  );
}
