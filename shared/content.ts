/** What metadata asks to be shown on a picture: the customer's own JSON, of which these fields are understood. */

export type ContentKind = "image" | "video" | "text" | "link" | "model" | "kivicube";

export interface Content {
  readonly kind: ContentKind;
  readonly title: string;
  readonly text: string;
  /** https alone: mini-programs load nothing else, and metadata must not smuggle scripts. */
  readonly url: string;
  readonly sceneId: string;
  /** Of a Kivicube collection, which scans for itself; a scene goes before it. */
  readonly collectionId: string;
}

const KINDS: readonly string[] = ["image", "video", "text", "link", "model", "kivicube"];
const NEEDS_URL: readonly string[] = ["image", "video", "link", "model"];

/** The JSON of metadata; undefined where it is empty or not JSON. */
export function parseMetadata(metadata: string): unknown {
  try {
    return JSON.parse(metadata) as unknown;
  } catch {
    return undefined;
  }
}

/** Undefined where metadata names nothing that can be shown. */
export function contentOf(metadata: unknown): Content | undefined {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const fields = metadata as Readonly<Record<string, unknown>>;
  const inner = (typeof fields.data === "object" && fields.data) || {}; // Kivicube keeps the scene id there
  const textOf = (name: string) => {
    const value = fields[name] ?? (inner as Readonly<Record<string, unknown>>)[name];
    return typeof value === "string" ? value : "";
  };
  const [sceneId, collectionId] = [textOf("sceneId"), textOf("collectionId")];
  const kind = sceneId || collectionId ? "kivicube" : textOf("type") || "text";
  const url = /^https:\/\/\S+$/.test(textOf("url")) ? textOf("url") : "";
  const content = {
    kind: kind as ContentKind,
    title: textOf("title"),
    text: textOf("text"),
    url,
    sceneId,
    collectionId,
  };
  const isNamed = kind === "kivicube" ? sceneId || collectionId : kind !== "text" || content.title || content.text;
  return KINDS.includes(kind) && isNamed && (url || !NEEDS_URL.includes(kind)) ? content : undefined;
}
