/** The picture's own threshold on the score, with what the benchmark says a threshold costs and saves. */

import { useState } from "preact/hooks";
import { REAL_PHOTOS, type ThresholdEffect, thresholdEffects } from "../../../../../shared/false-matches.ts";
import { MATCHRATIO_DEFAULT } from "../../../../index/score.ts";
import { announce } from "../announce.tsx";
import { ask, type Trouble } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { useWidth } from "../parts/chart.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { api } from "../session.ts";

interface Props {
  readonly channel: string;
  readonly identifier: string;
  readonly matchratio: number | null;
  readonly saved: () => void;
}

export function Threshold({ channel, identifier, matchratio, saved }: Props) {
  const [own, setOwn] = useState(matchratio !== null);
  const [value, setValue] = useState(matchratio ?? MATCHRATIO_DEFAULT);
  const [trouble, setTrouble] = useState<Trouble>();
  const chosen = own ? value : null;
  const save = async (event: Event) => {
    event.preventDefault();
    const asked = await ask(api().updateImageInfo({ channel, identifier, matchratio: chosen ?? "" }));
    setTrouble(asked.ok ? undefined : asked.trouble);
    if (!asked.ok) return;
    announce(t("thresholdSaved"));
    saved();
  };
  const effective = own ? value : MATCHRATIO_DEFAULT;
  return (
    <form class="card form" onSubmit={save} aria-labelledby="threshold-title">
      <h2 id="threshold-title">{t("thresholdTitle")}</h2>
      <p class="fine">{t("thresholdText")}</p>
      <label class="check">
        <input type="checkbox" checked={!own} onChange={(event) => setOwn(!event.currentTarget.checked)} />
        <span>{t("thresholdDefault", { score: MATCHRATIO_DEFAULT })}</span>
      </label>
      <div class="field">
        <label for="threshold-value">
          {t("thresholdValue")} <output for="threshold-value">{effective}</output>
        </label>
        <input
          id="threshold-value"
          type="range"
          min={0}
          max={100}
          value={effective}
          disabled={!own}
          onInput={(event) => setValue(Number(event.currentTarget.value))}
        />
      </div>
      <Curve score={effective} />
      <p data-testid="threshold-effect">{effectWords(effective)}</p>
      <TroubleNote trouble={trouble} />
      <p class="actions">
        <button type="submit" class="button ink" disabled={chosen === matchratio}>
          {t("save")}
        </button>
      </p>
    </form>
  );
}

const first = thresholdEffects[0] as ThresholdEffect;
const last = thresholdEffects.at(-1) as ThresholdEffect;

function effectWords(score: number): string {
  if (score < first.score) return t("effectBelow", { score: first.score });
  const { falsePer10000, realPhotos } = effectAt(score);
  return t("effect", {
    score,
    wrong: number(falsePer10000, 1),
    share: number((100 * realPhotos) / REAL_PHOTOS),
    photos: REAL_PHOTOS,
  });
}

/** Between measured thresholds on the straight line; above them as at the highest. */
function effectAt(score: number): { falsePer10000: number; realPhotos: number } {
  const next = thresholdEffects.findIndex((effect) => effect.score >= score);
  if (next < 0) return last;
  const [before, after] = [thresholdEffects[Math.max(0, next - 1)] ?? first, thresholdEffects[next] ?? last];
  const share = after === before ? 0 : (score - before.score) / (after.score - before.score);
  const between = (name: "falsePer10000" | "realPhotos") => before[name] + share * (after[name] - before[name]);
  return { falsePer10000: between("falsePer10000"), realPhotos: between("realPhotos") };
}

const HEIGHT_PX = 150;
const MARGIN = { left: 12, right: 12, top: 12, bottom: 26 };

/** Two lines that fall: false matches, each by the root so that small ones are seen, and real photos recognized. */
function Curve({ score }: { score: number }) {
  const [holder, width] = useWidth();
  const inner = { width: width - MARGIN.left - MARGIN.right, height: HEIGHT_PX - MARGIN.top - MARGIN.bottom };
  const clamped = Math.min(last.score, Math.max(first.score, score));
  const x = (at: number) => MARGIN.left + (inner.width * (at - first.score)) / (last.score - first.score);
  const y = (share: number) => MARGIN.top + inner.height * (1 - share);
  const wrong = (value: number) => y(Math.sqrt(value / first.falsePer10000));
  const right = (value: number) => y(value / REAL_PHOTOS);
  const path = (place: (effect: ThresholdEffect) => number) =>
    thresholdEffects.map((effect, i) => `${i ? "L" : "M"}${x(effect.score)} ${place(effect)}`).join("");
  const now = effectAt(clamped);
  return (
    <div ref={holder} class="chart">
      <svg width={width} height={HEIGHT_PX} role="img" aria-label={t("curveLabel")}>
        <line class="axis" x1={MARGIN.left} x2={width - MARGIN.right} y1={y(0)} y2={y(0)} />
        <path class="line good" d={path(({ realPhotos }) => right(realPhotos))} />
        <path class="line bad" d={path(({ falsePer10000 }) => wrong(falsePer10000))} />
        <line class="now" x1={x(clamped)} x2={x(clamped)} y1={MARGIN.top} y2={y(0)} />
        <circle class="dot good" cx={x(clamped)} cy={right(now.realPhotos)} r={5} />
        <circle class="dot bad" cx={x(clamped)} cy={wrong(now.falsePer10000)} r={5} />
        {thresholdEffects.map(({ score: at }) => (
          <text key={at} x={x(at)} y={HEIGHT_PX - 8} text-anchor="middle">
            {at}
          </text>
        ))}
      </svg>
      <p class="legend">
        <span class="good">{t("curveRight")}</span>
        <span class="bad">{t("curveWrong")}</span>
      </p>
    </div>
  );
}
