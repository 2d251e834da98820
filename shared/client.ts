/** A typed client of the REST API for anything that has fetch: the page, the command line, tests, your own server. */

import type {
  AddImageAnswer,
  Answer,
  ChannelAnswer,
  ChannelsAnswer,
  FindImageAnswer,
  GetChannelsAnswer,
  GetImageAnswer,
  GetImagesAnswer,
  GradeImageAnswer,
  HealthAnswer,
  ImportEntry,
  ImportImagesAnswer,
  IssueTokenAnswer,
  ReindexImagesAnswer,
  RemoveImageAnswer,
  SecretAnswer,
  StatisticsAnswer,
  UserAnswer,
  UsersAnswer,
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

/** What Statistics counts: dates are yyyy, yyyyMM or yyyyMMdd, both ends included. */
export type StatisticsRange = {
  readonly startdate: string;
  readonly enddate: string;
  readonly channel?: string | undefined;
  readonly identifier?: string | undefined;
};

export class LookmarkClient {
  readonly #connection: Connection;
  readonly #credentials: Credentials;

  /** `origin` is the deployment's address without a path, or "" for the page's own. */
  constructor(origin: string, credentials: Credentials, options: ClientOptions = {}) {
    this.#connection = new Connection(origin, options);
    this.#credentials = credentials;
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

  /** Many at once: `segment` has their features, `pictures` their files, one behind the other. */
  importImages({
    images,
    ...fields
  }: {
    channel: string;
    images: readonly ImportEntry[];
    pictures: Blob;
    segment: Blob;
  }): Promise<Answered<ImportImagesAnswer>> {
    return this.#post("ImportImages", { ...fields, images: JSON.stringify(images) });
  }

  /** Extracts the features of a page of images anew from their originals. */
  reindexImages(fields: { channel: string; cursor?: string | undefined }): Promise<Answered<ReindexImagesAnswer>> {
    return this.#post("ReindexImages", fields);
  }

  /** The file as it was uploaded, or the answer that refused it. */
  async getOriginal(fields: { channel: string; identifier: string }): Promise<Blob | Answered<Answer>> {
    const body = formOf({ ...this.#credentials, ...fields });
    const reply = await this.#connection.exchange("GetOriginal", { method: "POST", body });
    return reply.headers.get("Content-Type")?.startsWith("application/json") ? readAnswer(reply) : reply.body;
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

  statistics(range: StatisticsRange): Promise<Answered<StatisticsAnswer>> {
    return this.#post("Statistics", range);
  }

  /** The same as a table (RFC 4180), or the answer that refused it. */
  async statisticsCsv(range: StatisticsRange): Promise<string | Answered<Answer>> {
    const body = formOf({ ...this.#credentials, ...range, format: "csv" });
    const reply = await this.#connection.exchange("Statistics", { method: "POST", body });
    return reply.headers.get("Content-Type")?.startsWith("text/csv") ? reply.body.text() : readAnswer(reply);
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

  #post<T extends Answer>(endpoint: string, fields: Fields): Promise<Answered<T>> {
    return this.#connection.ask<T>(endpoint, { method: "POST", body: formOf({ ...this.#credentials, ...fields }) });
  }
}

type Page = { readonly cursor?: string | undefined; readonly limit?: number | undefined };

/** What the operator does, with the deployment's ADMIN_TOKEN. */
export class AdminClient {
  readonly #connection: Connection;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(origin: string, adminToken: string, options: ClientOptions = {}) {
    this.#connection = new Connection(origin, options);
    this.#headers = { Authorization: `Bearer ${adminToken}` };
  }

  users(page: Page = {}): Promise<Answered<UsersAnswer>> {
    return this.#get("users", page);
  }

  /** Makes a user, or changes one; without a `secretkey` a new user gets a random one. */
  putUser(fields: {
    username: string;
    secretkey?: string | undefined;
    disabled?: 0 | 1 | undefined;
  }): Promise<Answered<UserAnswer>> {
    return this.#post("users", fields);
  }

  /** A second secret key; the first goes on until it is retired. */
  rotateSecret(fields: { username: string; secretkey?: string | undefined }): Promise<Answered<SecretAnswer>> {
    return this.#post("secrets", fields);
  }

  /** Ends all secret keys but the newest. */
  retireSecret(fields: { username: string }): Promise<Answered<SecretAnswer>> {
    return this.#post("secrets/retire", fields);
  }

  channels(page: Page & { username?: string | undefined } = {}): Promise<Answered<ChannelsAnswer>> {
    return this.#get("channels", page);
  }

  /** Makes a channel, or changes what is given of one. `hostapps` are app ids, separated by commas. */
  putChannel(fields: {
    username: string;
    channel: string;
    quota?: number | undefined;
    publicread?: 0 | 1 | undefined;
    /** For a new channel only; later it grows by itself. */
    shards?: number | undefined;
    hostapps?: string | undefined;
    disabled?: 0 | 1 | undefined;
  }): Promise<Answered<ChannelAnswer>> {
    return this.#post("channels", fields);
  }

  #get<T extends Answer>(what: string, fields: Fields): Promise<Answered<T>> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, String(value));
    return this.#connection.ask<T>(`admin/${what}?${query}`, { headers: this.#headers });
  }

  #post<T extends Answer>(what: string, fields: Fields): Promise<Answered<T>> {
    return this.#connection.ask<T>(`admin/${what}`, { method: "POST", body: formOf(fields), headers: this.#headers });
  }
}

/** Is the deployment there, and which version of it? */
export function getHealth(origin: string, options: ClientOptions = {}): Promise<Answered<HealthAnswer>> {
  return new Connection(origin, options).ask<HealthAnswer>("health", {});
}

interface Reply {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Blob;
}

/** One deployment, asked over HTTP. */
class Connection {
  readonly #origin: string;
  readonly #options: ClientOptions;

  constructor(origin: string, options: ClientOptions) {
    this.#origin = origin.replace(/\/$/, "");
    this.#options = options;
  }

  async ask<T extends Answer>(path: string, request: RequestInit): Promise<Answered<T>> {
    return readAnswer<T>(await this.exchange(path, request));
  }

  async exchange(path: string, request: RequestInit): Promise<Reply> {
    const { signal, timeoutMs } = this.#options;
    const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
    const ends = [signal, timeout].filter((end) => end !== undefined);
    const end = ends.length > 0 ? AbortSignal.any(ends) : null; // old browsers lack any()
    const url = `${this.#origin}/${path}`;
    try {
      const response = await fetch(url, { ...request, signal: end });
      return { url, status: response.status, headers: response.headers, body: await response.blob() };
    } catch (error) {
      signal?.throwIfAborted();
      const why = timeout?.aborted ? `waited ${Number(timeoutMs) / 1000} s` : causeOf(error);
      throw new NoAnswerError(`no answer from ${this.#origin || "the server"} (${why})`, { cause: error });
    }
  }
}

function formOf(fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(name, value, "image");
    else if (value !== undefined) form.append(name, String(value));
  }
  return form;
}

async function readAnswer<T extends Answer>({ url, status, headers, body }: Reply): Promise<Answered<T>> {
  const answer = parseAnswer<T>(await body.text());
  const retryAfterSeconds = Number(headers.get("Retry-After")) || undefined; // a date, which it may be as well, is none
  if (answer) return retryAfterSeconds === undefined ? answer : { ...answer, retryAfterSeconds };
  throw new NoAnswerError(`${url} answered HTTP ${status}, but not as Lookmark does`, { status, retryAfterSeconds });
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
