/** A typed client of the REST API for anything that has fetch: the page, the command line, tests, your own server. */

import type {
  AddImageAnswer,
  Answer,
  FindImageAnswer,
  GetChannelsAnswer,
  GetImageAnswer,
  GetImagesAnswer,
  GradeImageAnswer,
  IssueTokenAnswer,
  RemoveImageAnswer,
  StatisticsAnswer,
} from "./protocol.ts";

/** Who asks: a user with the secret key, which must never be on a phone, or a query token. */
export type Credentials = { readonly username: string; readonly secretkey: string } | { readonly token: string };

export interface ClientOptions {
  /** A call that takes longer fails; without it, calls wait as long as the platform lets them. */
  readonly timeoutMs?: number;
  /** Ends the calls under way: they reject with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What the API answered, and with "system busy" when it asks to come back. */
export type Answered<T extends Answer> = T & { readonly retryAfterSeconds?: number };

/** The API did not answer: nothing did in time, or something else did. */
export class NoAnswerError extends Error {
  /** HTTP status of what answered in its place; undefined where nothing did. */
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, { status, retryAfterSeconds, cause }: Partial<NoAnswerError> = {}) {
    super(message, { cause });
    this.name = "NoAnswerError";
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A picture and what belongs to it. */
export type Upload = {
  readonly channel: string;
  readonly identifier: string;
  readonly image: Blob;
  readonly metadata?: string | undefined;
  readonly matchratio?: number | string | undefined;
  readonly allowsimilar?: 0 | 1 | undefined;
};

type Fields = Readonly<Record<string, string | number | Blob | undefined>>;

export class LookmarkClient {
  readonly #origin: string;
  readonly #credentials: Credentials;
  readonly #options: ClientOptions;

  /** `origin` is the deployment's address without a path, or "" for the page's own. */
  constructor(origin: string, credentials: Credentials, options: ClientOptions = {}) {
    this.#origin = origin.replace(/\/$/, "");
    this.#credentials = credentials;
    this.#options = options;
  }

  addImage(fields: Upload): Promise<Answered<AddImageAnswer>> {
    return this.#post("AddImage", fields);
  }

  /** Absent metadata and matchratio stay as they are. */
  replaceImage(fields: Upload): Promise<Answered<AddImageAnswer>> {
    return this.#post("ReplaceImage", fields);
  }

  /** Stores nothing. The image of `identifier` does not count as similar. */
  gradeImage(fields: {
    channel: string;
    image: Blob;
    identifier?: string | undefined;
  }): Promise<Answered<GradeImageAnswer>> {
    return this.#post("GradeImage", fields);
  }

  removeImage(fields: { channel: string; identifier: string }): Promise<Answered<RemoveImageAnswer>> {
    return this.#post("RemoveImage", fields);
  }

  getImages(fields: {
    channel: string;
    position?: number | undefined;
    cursor?: string | undefined;
    prefix?: string | undefined;
    limit?: number | undefined;
  }): Promise<Answered<GetImagesAnswer>> {
    return this.#post("GetImages", fields);
  }

  /** The user's own channels. */
  getChannels(): Promise<Answered<GetChannelsAnswer>> {
    return this.#post("GetChannels", {});
  }

  getImage(fields: { channel: string; identifier: string }): Promise<Answered<GetImageAnswer>> {
    return this.#post("GetImage", fields);
  }

  /** Absent fields stay as they are; an empty `metadata` clears it. */
  updateImageInfo(fields: {
    channel: string;
    identifier: string;
    metadata?: string | undefined;
    matchratio?: number | string | undefined;
  }): Promise<Answered<Answer>> {
    return this.#post("UpdateImageInfo", fields);
  }

  /** Dates are yyyy, yyyyMM or yyyyMMdd, both ends included. */
  statistics(fields: {
    startdate: string;
    enddate: string;
    channel?: string | undefined;
    identifier?: string | undefined;
  }): Promise<Answered<StatisticsAnswer>> {
    return this.#post("Statistics", fields);
  }

  /** `identifiers` restricts the search to these images; `max` above 1 asks for several in one frame. */
  findImage({
    identifiers,
    ...fields
  }: {
    image: Blob;
    channel?: string | undefined;
    identifiers?: readonly string[] | undefined;
    max?: number | undefined;
  }): Promise<Answered<FindImageAnswer>> {
    return this.#post("FindImage", { ...fields, identifiers: identifiers && JSON.stringify(identifiers) });
  }

  issueToken(fields: { channel?: string | undefined; ttl?: number | undefined }): Promise<Answered<IssueTokenAnswer>> {
    return this.#post("IssueToken", fields);
  }

  async #post<T extends Answer>(endpoint: string, fields: Fields): Promise<Answered<T>> {
    const form = new FormData();
    const all: Fields = { ...this.#credentials, ...fields };
    for (const [name, value] of Object.entries(all)) {
      if (value instanceof Blob) form.append(name, value, "image");
      else if (value !== undefined) form.append(name, String(value));
    }
    const { status, headers, text } = await this.#exchange(`${this.#origin}/${endpoint}`, form);
    const answer = parseAnswer<T>(text);
    const retryAfterSeconds = Number(headers.get("Retry-After")) || undefined; // a date, which it may be as well, is none
    if (answer) return retryAfterSeconds === undefined ? answer : { ...answer, retryAfterSeconds };
    const what = `${this.#origin}/${endpoint} answered HTTP ${status}, but not as Lookmark does`;
    throw new NoAnswerError(what, { status, retryAfterSeconds });
  }

  async #exchange(url: string, body: FormData): Promise<{ status: number; headers: Headers; text: string }> {
    const { signal, timeoutMs } = this.#options;
    const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const ends = [signal, timeout].filter((end) => end !== undefined);
    const end = ends.length > 0 ? AbortSignal.any(ends) : null; // old browsers lack any()
    try {
      const response = await fetch(url, { method: "POST", body, signal: end });
      return { status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      signal?.throwIfAborted();
      const why = timeout?.aborted ? `waited ${Number(timeoutMs) / 1000} s` : causeOf(error);
      throw new NoAnswerError(`no answer from ${this.#origin || "the server"} (${why})`, { cause: error });
    }
  }
}

function parseAnswer<T extends Answer>(text: string): T | undefined {
  try {
    const answer = JSON.parse(text) as T | null;
    return typeof answer?.returncode === "number" ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** The platform's short name for what went wrong, such as ECONNREFUSED; browsers do not tell. */
function causeOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
