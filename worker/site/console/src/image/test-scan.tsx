/** A test scan: what a phone would be answered for a photo or for what the camera sees now. */

import { useEffect, useRef, useState } from "preact/hooks";
import type { FindImageAnswer } from "../../../../../shared/protocol.ts";
import { reasons } from "../../../../../shared/reason.ts";
import { cameraTrouble, closeCamera, openCamera } from "../../../src/camera.ts";
import { encodeFrame } from "../../../src/frame.ts";
import { ask, notAPicture, type Trouble } from "../ask.ts";
import { type TextKey, t } from "../i18n.ts";
import { TroubleNote } from "../parts/trouble.tsx";
import { api } from "../session.ts";

/** The pause between two frames of the camera. */
const PAUSE_MS = 500;
const TOO_LITTLE_DETAIL = reasons.tooLittleDetail("").returncode;

interface Props {
  readonly channel: string;
  readonly identifier: string;
}

interface Shot {
  readonly photo: string;
  readonly answer: FindImageAnswer | undefined;
}

export function TestScan({ channel, identifier }: Props) {
  const [shot, setShot] = useState<Shot>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [camera, setCamera] = useState(false);
  const scan = async (frame: Blob) => {
    const asked = await ask(api().findImage({ image: frame, channel }));
    const poor = !asked.ok && asked.trouble.returncode === TOO_LITTLE_DETAIL;
    setTrouble(asked.ok || poor ? undefined : asked.trouble);
    const photo = URL.createObjectURL(frame);
    setShot((before) => {
      if (before) URL.revokeObjectURL(before.photo);
      return { photo, answer: asked.ok ? asked.answer : poor ? (asked.trouble as FindImageAnswer) : undefined };
    });
  };
  const choose = async (file: File | undefined) => {
    const bitmap = file && (await createImageBitmap(file).catch(() => undefined));
    if (bitmap) await scan(await encodeFrame(bitmap, bitmap));
    else if (file) setTrouble(notAPicture);
  };
  return (
    <section class="card" aria-labelledby="scan-title">
      <h2 id="scan-title">{t("testScan")}</h2>
      <p class="fine">{t("testScanText")}</p>
      <div class="scan">
        {camera && <Camera scan={scan} end={() => setCamera(false)} />}
        {shot && <Outlined {...shot} />}
      </div>
      <p class="verdict" role="status" data-testid="verdict">
        {shot?.answer && verdictOn(shot.answer, identifier)}
      </p>
      <TroubleNote trouble={trouble} />
      <p class="actions">
        <label class="button line small">
          {t("choosePhoto")}
          <input
            type="file"
            accept="image/*"
            onChange={(event) => {
              void choose(event.currentTarget.files?.[0]);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <button type="button" class="button line small" aria-pressed={camera} onClick={() => setCamera(!camera)}>
          {t(camera ? "stopCamera" : "startCamera")}
        </button>
      </p>
    </section>
  );
}

function verdictOn({ returncode, identifier, score = 0 }: FindImageAnswer, wanted: string): string {
  if (returncode === TOO_LITTLE_DETAIL) return t("scanPoor");
  if (!identifier) return t("scanNothing");
  const facts = { identifier, score: Math.round(score) };
  return identifier === wanted ? t("scanFound", facts) : t("scanOther", facts);
}

function Outlined({ photo, answer }: Shot) {
  return (
    <div class="outlined">
      <img src={photo} alt={t("scannedPhoto")} />
      {answer?.corners && (
        <svg viewBox="0 0 1 1" preserveAspectRatio="none" aria-hidden="true" data-testid="outline">
          <polygon points={answer.corners.map((corner) => corner.join()).join(" ")} />
        </svg>
      )}
    </div>
  );
}

/** Sends frame after frame as long as it is there. */
function Camera({ scan, end }: { scan: (frame: Blob) => Promise<void>; end: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState<TextKey>();
  useEffect(() => {
    const element = video.current as HTMLVideoElement;
    let open = true;
    const run = async () => {
      await openCamera(element);
      while (open) {
        await scan(await encodeFrame(element, { width: element.videoWidth, height: element.videoHeight }));
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    };
    run()
      .catch((error) => open && setRefused(cameraTrouble(error) as TextKey))
      .finally(() => closeCamera(element));
    return () => {
      open = false;
      closeCamera(element);
    };
  }, []);
  return (
    <>
      <video ref={video} class="unseen" muted playsInline />
      {refused && (
        <p class="note alert" role="alert">
          {t(refused)}{" "}
          <button type="button" class="button line small" onClick={end}>
            {t("close")}
          </button>
        </p>
      )}
    </>
  );
}
