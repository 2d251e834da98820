/** The frame around every page: who may see which, header, and the focus that follows a change of page. */

import { useEffect, useRef } from "preact/hooks";
import { Announcer } from "./announce.tsx";
import { t } from "./i18n.ts";
import { ChannelsPage } from "./pages/channels.tsx";
import { GalleryPage } from "./pages/gallery.tsx";
import { ImagePage } from "./pages/image.tsx";
import { KeysPage } from "./pages/keys.tsx";
import { OperatorPage } from "./pages/operator.tsx";
import { SignInPage } from "./pages/sign-in.tsx";
import { StatisticsPage } from "./pages/statistics.tsx";
import { UploadPage } from "./pages/upload.tsx";
import { ChannelBar, Header } from "./parts/header.tsx";
import { type Route, route } from "./route.ts";
import { account, operatorToken } from "./session.ts";

export function App() {
  const shown = pageFor(route.value);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.querySelector<HTMLElement>("#main")?.focus()}>
        {t("skip")}
      </button>
      <Header />
      {account.value && "channel" in route.value && <ChannelBar route={route.value} />}
      <Main key={shown.name} title={shown.title}>
        {shown.page}
      </Main>
      <Announcer />
    </>
  );
}

/** The pages of a channel are made anew for each channel and image. */
function pageFor(route: Route) {
  if (!account.value && operatorToken.value) return { name: "operator", title: t("operator"), page: <OperatorPage /> };
  if (!account.value) return { name: "sign-in", title: t("signIn"), page: <SignInPage /> };
  switch (route.page) {
    case "channels":
      return { name: route.page, title: t("channels"), page: <ChannelsPage /> };
    case "keys":
      return { name: route.page, title: t("keys"), page: <KeysPage /> };
    case "operator":
      return { name: route.page, title: t("operator"), page: <OperatorPage /> };
    case "gallery":
      return { name: `gallery ${route.channel}`, title: t("pictures"), page: <GalleryPage {...route} /> };
    case "upload":
      return { name: `upload ${route.channel}`, title: t("addPictures"), page: <UploadPage {...route} /> };
    case "statistics":
      return { name: `statistics ${route.channel}`, title: t("statistics"), page: <StatisticsPage {...route} /> };
    case "image":
      return {
        name: `image ${route.channel} ${route.identifier}`,
        title: route.identifier,
        page: <ImagePage {...route} />,
      };
  }
}

let opened = false;

function Main({ title, children }: { title: string; children: preact.ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    // Screen readers start to read the new page; the first page is read from its top anyway.
    if (opened) main.current?.focus();
    opened = true;
  }, []);
  useEffect(() => {
    document.title = `${title} · Lookmark Console`;
  }, [title]);
  return (
    <main id="main" ref={main} tabIndex={-1}>
      {children}
    </main>
  );
}
