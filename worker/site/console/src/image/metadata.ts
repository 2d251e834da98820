/** Metadata as people edit it: JSON text, of which a form changes the fields that the overlay reads (shared/content.ts). */

import { type Content, type ContentKind, contentOf, parseMetadata } from "../../../../../shared/content.ts";
import { METADATA_BYTES_MAX } from "../../../../../shared/protocol.ts";

export const CONTENT_KINDS: readonly ContentKind[] = ["text", "image", "video", "link", "model", "kivicube"];

export interface ContentFields {
  readonly kind: ContentKind;
  readonly title: string;
  readonly text: string;
  readonly url: string;
  readonly sceneId: string;
}

type Json = Readonly<Record<string, unknown>>;

/** Where JSON text stops being JSON, as far as the browser says. */
export interface JsonProblem {
  readonly line?: number;
  readonly column?: number;
}

export function jsonProblem(text: string): JsonProblem | undefined {
  if (text.trim() === "") return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return placeOf((error as Error).message, text);
  }
}

/** Chromium names a position, Firefox line and column, Safari nothing; at the end of the text Chromium names no place. */
function placeOf(message: string, text: string): JsonProblem {
  const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
  if (line && column) return { line: Number(line), column: Number(column) };
  const position = /position (\d+)/.exec(message)?.[1];
  const before = position === undefined && /end of JSON/.test(message) ? text : text.slice(0, Number(position ?? -1));
  if (position === undefined && before !== text) return {};
  const lines = before.split("\n");
  return { line: lines.length, column: (lines.at(-1) ?? "").length + 1 };
}

export function isTooLong(metadata: string): boolean {
  return new TextEncoder().encode(metadata).length > METADATA_BYTES_MAX;
}

/** What the mini-program would show; undefined where it is nothing. */
export function overlayOf(metadata: string): Content | undefined {
  return contentOf(parseMetadata(metadata));
}

/** What the form shows; undefined where the JSON is no object, which only the text can edit. */
export function fieldsOf(metadata: string): ContentFields | undefined {
  const json = objectOf(metadata);
  if (!json) return undefined;
  const text = (name: string) => (typeof json[name] === "string" ? (json[name] as string) : "");
  const inner = json.data as Json | null | undefined;
  const sceneId = text("sceneId") || (typeof inner?.sceneId === "string" ? inner.sceneId : "");
  const named = CONTENT_KINDS.find((kind) => kind === json.type) ?? "text";
  return {
    kind: sceneId ? "kivicube" : named,
    title: text("title"),
    text: text("text"),
    url: text("url"),
    sceneId,
  };
}

/** The metadata with these fields; all else in it stays as it is, and empty fields go. */
export function withFields(metadata: string, { kind, title, text, url, sceneId }: ContentFields): string {
  const kept = withoutSceneId(objectOf(metadata) ?? {});
  const fields = {
    ...kept,
    type: kind,
    title: title || undefined,
    text: text || undefined,
    url: kind === "text" || kind === "kivicube" ? undefined : url || undefined,
    sceneId: kind === "kivicube" ? sceneId || undefined : undefined,
  };
  return JSON.stringify(fields, null, 2);
}

/** Kivicube's own metadata have it in `data`. */
function withoutSceneId({ sceneId: _, ...json }: Json): Json {
  if (typeof json.data !== "object" || json.data === null || !("sceneId" in json.data)) return json;
  const { sceneId: __, ...data } = json.data;
  return { ...json, data: Object.keys(data).length > 0 ? data : undefined };
}

/** One line of what people would call the picture. */
export function summaryOf(metadata: string): string | undefined {
  if (!metadata) return undefined;
  const { title = "", text = "" } = overlayOf(metadata) ?? {};
  return [title, text].filter(Boolean).join(" – ") || metadata;
}

/** Empty metadata is an object that has nothing in it yet. */
function objectOf(metadata: string): Json | undefined {
  if (metadata.trim() === "") return {};
  const json = parseMetadata(metadata);
  return typeof json === "object" && json !== null && !Array.isArray(json) ? (json as Json) : undefined;
}
