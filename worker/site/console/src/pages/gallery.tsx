/** A channel's pictures, page by page, by how their identifiers begin; several can be removed at once. */

import { useEffect, useState } from "preact/hooks";
import { IDENTIFIER_PREFIX_PATTERN, type ImageInfo } from "../../../../../shared/protocol.ts";
import { useAnswer } from "../ask.ts";
import { number, t } from "../i18n.ts";
import { summaryOf } from "../image/metadata.ts";
import { TextField } from "../parts/field.tsx";
import { Pager } from "../parts/pager.tsx";
import { RemoveDialog } from "../parts/remove-dialog.tsx";
import { Stars } from "../parts/stars.tsx";
import { Thumbnail } from "../parts/thumbnail.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { addressOf, reopen } from "../route.ts";
import { api } from "../session.ts";

const PAGE_SIZE = 48;
const TYPING_MS = 250;

export function GalleryPage({ channel, prefix }: { channel: string; prefix: string }) {
  /** The cursors that lead to the open page; none on the first. */
  const [trail, setTrail] = useState<readonly string[]>([]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [removing, setRemoving] = useState(false);
  const cursor = trail.at(-1);
  const { answer, trouble, loading, reload } = useAnswer(
    () => api().getImages({ channel, prefix: prefix || undefined, cursor, limit: PAGE_SIZE }),
    [channel, prefix, cursor],
  );
  const images = answer?.images ?? [];
  const first = trail.length * PAGE_SIZE + 1;
  const search = (next: string) => {
    setTrail([]);
    setSelected(new Set());
    reopen({ page: "gallery", channel, prefix: next });
  };
  const select = (identifier: string, chosen: boolean) => {
    const next = new Set(selected);
    if (chosen) next.add(identifier);
    else next.delete(identifier);
    setSelected(next);
  };
  const removed = () => {
    setRemoving(false);
    setSelected(new Set());
    setTrail([]);
    reload();
  };
  return (
    <>
      <div class="head">
        <h1>{t("pictures")}</h1>
        <Search prefix={prefix} search={search} />
        <a class="button mark" href={addressOf({ page: "upload", channel })}>
          {t("addPictures")}
        </a>
      </div>
      <TroubleNote trouble={trouble} retry={reload} />
      <div class="toolbar">
        <p role="status" data-testid="count">
          {answer && countWords(answer.totalcount ?? 0, prefix)}
        </p>
        {images.length > 0 && (
          <SelectAll
            all={images.every(({ identifier }) => selected.has(identifier))}
            choose={(all) => setSelected(new Set(all ? images.map(({ identifier }) => identifier) : []))}
          />
        )}
        {selected.size > 0 && (
          <button type="button" class="button danger small" onClick={() => setRemoving(true)}>
            {t("removeCount", { count: selected.size })}
          </button>
        )}
      </div>
      {answer && images.length === 0 && !loading && <Empty channel={channel} prefix={prefix} />}
      <ul class="pictures" aria-busy={loading}>
        {images.map((image) => (
          <PictureCard
            key={image.identifier}
            channel={channel}
            image={image}
            selected={selected.has(image.identifier)}
            select={(chosen) => select(image.identifier, chosen)}
          />
        ))}
      </ul>
      {(trail.length > 0 || answer?.cursor) && (
        <nav class="pager" aria-label={t("morePictures")}>
          <Pager trail={trail} setTrail={setTrail} next={answer?.cursor}>
            <span>{t("range", { first: number(first), last: number(first + images.length - 1) })}</span>
          </Pager>
        </nav>
      )}
      {removing && (
        <RemoveDialog channel={channel} identifiers={[...selected]} close={() => setRemoving(false)} done={removed} />
      )}
    </>
  );
}

function countWords(count: number, prefix: string): string {
  return prefix ? t("countBegins", { count: number(count), prefix }) : t("countAll", { count: number(count) });
}

function Search({ prefix, search }: { prefix: string; search: (prefix: string) => void }) {
  const [typed, setTyped] = useState(prefix);
  const valid = IDENTIFIER_PREFIX_PATTERN.test(typed);
  useEffect(() => {
    if (typed === prefix || !valid) return;
    const timer = setTimeout(() => search(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <TextField
      label={t("search")}
      type="search"
      value={typed}
      change={setTyped}
      problem={valid ? undefined : t("searchProblem")}
      mono
    />
  );
}

function SelectAll({ all, choose }: { all: boolean; choose: (all: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={all} onChange={(event) => choose(event.currentTarget.checked)} />
      <span>{t("selectPage")}</span>
    </label>
  );
}

function Empty({ channel, prefix }: { channel: string; prefix: string }) {
  if (prefix) return <p class="note">{t("nothingBegins", { prefix })}</p>;
  return (
    <div class="note">
      <p>{t("emptyChannel")}</p>
      <a class="button mark" href={addressOf({ page: "upload", channel })}>
        {t("addPictures")}
      </a>
    </div>
  );
}

interface CardProps {
  readonly channel: string;
  readonly image: ImageInfo;
  readonly selected: boolean;
  readonly select: (chosen: boolean) => void;
}

function PictureCard({ channel, image, selected, select }: CardProps) {
  const { identifier, level, matchratio, metadata, trackingimage } = image;
  return (
    <li class={selected ? "picture selected" : "picture"} data-identifier={identifier}>
      <a href={addressOf({ page: "image", channel, identifier })}>
        <span class="frame">
          <Thumbnail address={trackingimage} />
        </span>
        <span class="identifier">{identifier}</span>
      </a>
      <p class="facts">
        <Stars level={level} />
        {matchratio !== null && <span class="tag">{t("threshold", { score: matchratio })}</span>}
      </p>
      <p class="summary">{summaryOf(metadata) ?? t("noMetadata")}</p>
      <label class="select">
        <input type="checkbox" checked={selected} onChange={(event) => select(event.currentTarget.checked)} />
        <span class="unseen">{t("select", { identifier })}</span>
      </label>
    </li>
  );
}
