/** How well a picture will be recognized, and why: level, sub-scores, advice, heat-map, similar pictures of the channel. */

import { useState } from "preact/hooks";
import { ADVICE } from "../../../../../shared/advice.ts";
import type { GradeImageAnswer, GradeScores, SimilarImage } from "../../../../../shared/protocol.ts";
import { useAnswer } from "../ask.ts";
import { language, type TextKey, t } from "../i18n.ts";
import { api } from "../session.ts";
import { HeatMap } from "./heat-map.tsx";
import { Stars } from "./stars.tsx";
import { Thumbnail } from "./thumbnail.tsx";

const SCORES: readonly (keyof GradeScores)[] = ["detection", "features", "distribution", "distinctiveness", "contrast"];
/** Below, a bar warns. */
const LOW = 50;

interface Props {
  readonly channel: string;
  readonly picture: string;
  readonly grade: GradeImageAnswer;
}

export function GradeReport({ channel, picture, grade }: Props) {
  const { level = 0, scores, advice, points = [], similar = [] } = grade;
  const [heat, setHeat] = useState(true);
  return (
    <div class="grade">
      <div class="grade-picture">
        <HeatMap picture={picture} points={points} shown={heat && points.length > 0} />
        {points.length > 0 && (
          <label class="check">
            <input type="checkbox" checked={heat} onChange={(event) => setHeat(event.currentTarget.checked)} />
            <span>{t("showHeatMap")}</span>
          </label>
        )}
      </div>
      <div>
        <p class="grade-level">
          <Stars level={level} /> <strong>{t(`level_${level}` as TextKey)}</strong>
        </p>
        {advice && <p class="advice">{adviceInWords(advice)}</p>}
        {scores && <ScoreBars scores={scores} />}
      </div>
      {similar.length > 0 && <SimilarPictures channel={channel} picture={picture} similar={similar} />}
    </div>
  );
}

/** The server advises in English; its sentences are known. */
function adviceInWords(advice: string): string {
  const known = Object.entries(ADVICE).find(([, sentence]) => sentence === advice);
  return known && language.value !== "en" ? t(`advice_${known[0]}` as TextKey) : advice;
}

function ScoreBars({ scores }: { scores: GradeScores }) {
  return (
    <dl class="scores">
      {SCORES.map((name) => (
        <div key={name} class={scores[name] < LOW ? "low" : ""}>
          <dt>
            {t(`score_${name}` as TextKey)}
            <small>{t(`score_${name}Text` as TextKey)}</small>
          </dt>
          <dd>
            <meter min={0} max={100} value={scores[name]} aria-label={t(`score_${name}` as TextKey)} /> {scores[name]}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function SimilarPictures({ channel, picture, similar }: Omit<Props, "grade"> & { similar: readonly SimilarImage[] }) {
  const matching = similar.some(({ matches }) => matches === 1);
  return (
    <section class="similar">
      <h3>{t("similarTitle")}</h3>
      <p class="fine">{t(matching ? "similarMatching" : "similarOnly")}</p>
      <ul>
        <li>
          <span class="frame">
            <img src={picture} alt="" />
          </span>
          {t("thisPicture")}
        </li>
        {similar.map((image) => (
          <li key={image.identifier}>
            <SimilarThumbnail channel={channel} identifier={image.identifier} />
            <span class="identifier">{image.identifier}</span>
            <span class={image.matches ? "tag warn" : "tag"}>{t("scoreIs", { score: Math.round(image.score) })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function SimilarThumbnail({ channel, identifier }: { channel: string; identifier: string }) {
  const { answer } = useAnswer(() => api().getImage({ channel, identifier }), [channel, identifier]);
  return (
    <span class="frame">{answer?.trackingimage && <Thumbnail address={answer.trackingimage} alt={identifier} />}</span>
  );
}
