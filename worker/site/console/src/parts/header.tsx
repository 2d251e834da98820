/** The header: brand, pages, language, appearance, sign out; and the bar of a channel's pages. */

import { scanPageAddress } from "../../../../../shared/scan-page.ts";
import { type Appearance, appearance } from "../appearance.ts";
import { ask } from "../ask.ts";
import { chooseLanguage, type Language, language, t } from "../i18n.ts";
import { addressOf, type Route, route } from "../route.ts";
import { account, api, operatorToken, signOut } from "../session.ts";

export function Header() {
  const signedIn = account.value || operatorToken.value;
  return (
    <header class="top">
      <a class="brand" href="#/channels">
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
          <path class="logo-picture" d="M10.8 10.6 22.6 8.6l-1.8 14.2-11.6-1.6z" />
          <path class="logo-hill" d="m9.5 19.1 3.9-3.9 3.3 2.9 2.5-1.8 2.1 2.5-.5 4-11.6-1.6z" />
          <path class="logo-marks" d="M3.5 10V3.5H10M22 3.5h6.5V10M28.5 22v6.5H22M10 28.5H3.5V22" />
        </svg>
        <span>
          Lookmark <span class="console-word">{t("console")}</span>
        </span>
      </a>
      {signedIn && (
        <nav class="pages" aria-label={t("pages")}>
          {account.value && <PageLink to={{ page: "channels" }} text={t("channels")} current={isOf("channels")} />}
          {account.value && <PageLink to={{ page: "keys" }} text={t("keys")} current={isOf("keys")} />}
          {operatorToken.value && (
            <PageLink to={{ page: "operator" }} text={t("operator")} current={isOf("operator") || !account.value} />
          )}
          {account.value && (
            <a href="/webar/" onClick={openScanPage}>
              {t("scanPage")}
            </a>
          )}
        </nav>
      )}
      <div class="settings">
        <AppearanceChoice />
        <LanguageChoice />
        {signedIn && (
          <button type="button" class="plain" onClick={signOut}>
            {t("signOut")}
          </button>
        )}
      </div>
    </header>
  );
}

/** A channel's pages lie below Channels. */
function isOf(page: "channels" | "keys" | "operator"): boolean {
  return route.value.page === page || (page === "channels" && "channel" in route.value);
}

export function ChannelBar({ route }: { route: Extract<Route, { channel: string }> }) {
  const { channel, page } = route;
  return (
    <nav class="channel-bar" aria-label={t("channelPages", { channel })}>
      <a class="channel-name" href="#/channels" title={t("allChannels")}>
        <span aria-hidden="true">‹</span> {channel}
      </a>
      <div class="tabs">
        <PageLink
          to={{ page: "gallery", channel, prefix: "" }}
          text={t("pictures")}
          current={page === "gallery" || page === "image"}
        />
        <PageLink to={{ page: "upload", channel }} text={t("addPictures")} current={page === "upload"} />
        <PageLink to={{ page: "statistics", channel }} text={t("statistics")} current={page === "statistics"} />
      </div>
    </nav>
  );
}

function PageLink({ to, text, current }: { to: Route; text: string; current: boolean }) {
  return (
    <a href={addressOf(to)} aria-current={current ? "page" : undefined}>
      {text}
    </a>
  );
}

function LanguageChoice() {
  const choices: readonly [Language, string, string][] = [
    ["en", "EN", "en"],
    ["zh", "中文", "zh-CN"],
  ];
  return (
    <fieldset class="language" aria-label={t("language")}>
      {choices.map(([name, label, lang]) => (
        <button
          key={name}
          type="button"
          lang={lang}
          aria-pressed={language.value === name}
          onClick={() => chooseLanguage(name)}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

const NEXT: Record<Appearance, Appearance> = { system: "light", light: "dark", dark: "system" };
const ICONS: Record<Appearance, string> = {
  system: "M3 4.5h14v9H3zM7.5 16.5h5",
  light:
    "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 1.8v1.7M10 16.5v1.7M1.8 10h1.7M16.5 10h1.7M4.2 4.2l1.2 1.2M14.6 14.6l1.2 1.2M4.2 15.8l1.2-1.2M14.6 5.4l1.2-1.2",
  dark: "M16.5 11.8A7 7 0 0 1 8.2 3.5a7 7 0 1 0 8.3 8.3z",
};

function AppearanceChoice() {
  const now = appearance.value;
  const label = t("appearance", { now: t(now) });
  return (
    <button
      type="button"
      class="icon"
      aria-label={label}
      title={label}
      onClick={() => {
        appearance.value = NEXT[now];
      }}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={ICONS[now]} />
      </svg>
    </button>
  );
}

/** With a token for all channels: the scan page asks nobody to sign in. */
async function openScanPage(event: Event): Promise<void> {
  event.preventDefault();
  const asked = await ask(api().issueToken({}));
  location.assign(asked.ok ? scanPageAddress(location.origin, asked.answer.token ?? "") : "/webar/");
}
