/** Calls the Worker as its clients do, and makes the users and channels that tests need. */

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import type {
  AddImageAnswer,
  FindImageAnswer,
  GetChannelsAnswer,
  GetImageAnswer,
  GetImagesAnswer,
  GradeImageAnswer,
  HealthAnswer,
  ImportImagesAnswer,
  IssueTokenAnswer,
  ReindexImagesAnswer,
  RemoveImageAnswer,
  StatisticsAnswer,
} from "../../shared/protocol.ts";
import { directoryOf } from "../../worker/catalog/accounts.ts";
import type { Channel } from "../../worker/catalog/directory.ts";
import type { Shard } from "../../worker/catalog/shard.ts";
import { shardAt } from "../../worker/catalog/shards.ts";
import type { Env } from "../../worker/env.ts";
import app from "../../worker/main.ts";
import { problemWith } from "./openapi.ts";

export const ORIGIN = "https://lookmark.test";

export type Fields = Readonly<Record<string, string | number | Blob | undefined>>;

/** Whatever endpoint it came from: each test looks at the fields that it is about. */
export type AnyAnswer = AddImageAnswer &
  GradeImageAnswer &
  RemoveImageAnswer &
  GetImagesAnswer &
  GetChannelsAnswer &
  GetImageAnswer &
  StatisticsAnswer &
  FindImageAnswer &
  IssueTokenAnswer &
  ImportImagesAnswer &
  ReindexImagesAnswer &
  HealthAnswer;

export type User = { readonly username: string; readonly secretkey: string };

/** The fields of every call about a channel. */
export type Mine = User & { readonly channel: string };

/** Posts the fields as multipart/form-data. `settings` stand in for the Worker's own bindings and variables. */
export async function call(endpoint: string, fields: Fields, settings?: Partial<Env>): Promise<AnyAnswer> {
  const answer = await readAnswer(await send(post(endpoint, formOf(fields)), settings));
  expect(problemWith(`/${endpoint}`, answer)).toBeUndefined();
  return answer;
}

export function post(endpoint: string, body: BodyInit, headers: HeadersInit = {}): Request {
  return new Request(`${ORIGIN}/${endpoint}`, { method: "POST", body, headers });
}

/** With `settings` the answer comes when everything that the Worker does after its answer is done, too. */
export async function send(request: Request, settings?: Partial<Env>): Promise<Response> {
  if (!settings) return exports.default.fetch(request);
  const context = createExecutionContext();
  const response = await app.fetch(request, { ...env, ...settings }, context);
  await waitOnExecutionContext(context);
  return response;
}

/** What holds for each answer is expected here, once. */
export async function readAnswer(response: Response, status = 200): Promise<AnyAnswer> {
  expect(response.status).toBe(status);
  expect(response.headers.get("Content-Type")).toContain("application/json");
  const answer = (await response.json()) as AnyAnswer;
  expect(answer).toMatchObject({
    returncode: expect.any(Number),
    message: expect.stringMatching(/\w/),
    requestid: expect.stringMatching(/\w/),
  });
  return answer;
}

export function formOf(fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) form.append(name, value, "picture");
    else if (value !== undefined) form.append(name, String(value));
  }
  return form;
}

/** Names that no other test has. */
export function newName(kind: string): string {
  return `${kind}.${crypto.randomUUID().slice(0, 13)}`;
}

export async function newUser(): Promise<User> {
  const user = { username: newName("user"), secretkey: newName("secret") };
  await admin("users", user);
  return user;
}

/** A channel of a new user, or of `owner`. */
export async function newChannel(
  options: { owner?: User; quota?: number; publicread?: 0 | 1; shards?: number } = {},
): Promise<Mine> {
  const { owner = await newUser(), ...settings } = options;
  const channel = newName("channel");
  await admin("channels", { username: owner.username, channel, ...settings });
  return { ...owner, channel };
}

export async function admin(path: string, fields: Fields, token: string | undefined = env.ADMIN_TOKEN) {
  const answer = await send(post(`admin/${path}`, formOf(fields), { Authorization: `Bearer ${token}` }));
  return (await readAnswer(answer)) as AnyAnswer & User & { quota: number; publicread: 0 | 1 };
}

export async function channelNamed(name: string): Promise<Channel> {
  return (await directoryOf(env).channel(name)) as Channel;
}

/** One of the Durable Objects behind a channel: its only one, unless others are asked for. */
export async function shardBehind({ channel }: Mine, number = 0): Promise<DurableObjectStub<Shard>> {
  return shardAt(env, (await channelNamed(channel)).id, number);
}

/** The names of a channel's objects in R2. */
export async function objectsOf(kind: "originals" | "tracking" | "segments", mine: Mine): Promise<string[]> {
  const { id } = kind === "segments" ? await shardBehind(mine) : await channelNamed(mine.channel);
  const { objects } = await env.BUCKET.list({ prefix: `${kind}/${id}/` });
  return objects.map(({ key }) => key);
}

/** A platform failure that a later try may cure, as workerd marks it. */
export function passingError(message = "storage is out of reach"): Error {
  return Object.assign(new Error(message), { retryable: true });
}
