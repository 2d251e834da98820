/** The log of calls: who did what and what came of it, one line each, and no secret in any. */

import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { admin, call, formOf, type Mine, newChannel, newName, post, readAnswer, send } from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

/** `settings` make the call in this isolate, whose console is watched. */
const here = {};
let mine: Mine;
let log: MockInstance<typeof console.log>;

beforeAll(async () => {
  mine = await newChannel();
});

beforeEach(async () => {
  await call("IssueToken", mine, here); // its line has what was refused in other tests
  log = vi.spyOn(console, "log").mockImplementation(() => {});
});

afterEach(() => {
  vi.restoreAllMocks();
});

const linesOf = () => log.mock.calls.map(([line]) => JSON.parse(String(line)));

describe("a line", () => {
  it.each([
    ["AddImage", { identifier: "circus", image: circus, metadata: '{"a":1}' }],
    ["UpdateImageInfo", { identifier: "circus", matchratio: 50 }],
    ["ReplaceImage", { identifier: "circus", image: circus }],
    ["RemoveImage", { identifier: "circus" }],
  ])("says who called %s about what, and what came of it", async (event, fields) => {
    const { requestid, returncode } = await call(event, { ...mine, ...fields }, here);
    const { username: user, channel } = mine;
    const ms = expect.any(Number);
    expect(linesOf()).toEqual([{ event, user, channel, identifier: "circus", returncode, requestid, ms }]);
  });

  it("says which channel FindImage searched, and how long each stage took", async () => {
    const { requestid, took } = await call("FindImage", { ...mine, image: circus }, here);
    const line = { event: "FindImage", channel: mine.channel, returncode: 0, requestid, took, ms: expect.any(Number) };
    expect(linesOf()).toEqual([line]);
  });

  it("says what the operator did, and to whom", async () => {
    const { username: user, channel } = mine;
    const headers = { Authorization: `Bearer ${env.ADMIN_TOKEN}` };
    await send(post("admin/channels", formOf({ username: user, channel, quota: 9 }), headers), here);
    await send(post("admin/secrets", formOf({ username: user }), headers), here);
    expect(linesOf()).toMatchObject([
      { event: "admin/channels", user, channel, returncode: 0 },
      { event: "admin/secrets", user, returncode: 0 },
    ]);
  });

  it("counts the calls that were too many before it, which have none themselves", async () => {
    const RATE_LIMITER = { limit: async () => ({ success: false }) };
    for (let i = 0; i < 3; i++) await call("FindImage", { ...mine, image: circus }, { RATE_LIMITER });
    expect(linesOf()).toEqual([]);
    for (let i = 0; i < 2; i++) await call("FindImage", { ...mine, image: circus }, here);
    const [first, second] = linesOf();
    expect([first.refused, second.refused]).toEqual([3, undefined]);
  });

  it("is written for a call that a failure of the platform has made busy", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const failing = { limit: () => Promise.reject(Object.assign(new Error("not now"), { retryable: true })) };
    const { requestid } = await call("FindImage", { ...mine, image: circus }, { RATE_LIMITER: failing });
    expect(linesOf()).toMatchObject([{ event: "FindImage", returncode: 20015, requestid }]);
  });

  it("is one line whatever a name has in it, and short however long the name is", async () => {
    await call("RemoveImage", { ...mine, channel: `a\nb${"x".repeat(10_000)}`, identifier: "y".repeat(10_000) }, here);
    const [[line] = []] = log.mock.calls;
    expect(line).not.toContain("\n");
    expect(String(line).length).toBeLessThan(400);
    expect(linesOf()).toMatchObject([{ returncode: 20003 }]);
  });

  it("is written of refusals and of our own faults as well", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    await call("AddImage", { ...mine, identifier: "a-b", image: circus }, here);
    const response = await send(post("AddImage", formOf({ ...mine, image: circus })), { ADD_MAX_MEGABYTES: "none" });
    await readAnswer(response, 500);
    expect(linesOf()).toMatchObject([
      { event: "AddImage", returncode: 20010 },
      { event: "AddImage", returncode: 500 },
    ]);
  });
});

it("no line has a secret key, a token, the admin token, a signature or metadata in it", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const { token = "" } = await call("IssueToken", mine, here);
  const [wrong, metadata, hostSign] = [newName("wrong"), newName("metadata"), newName("signature")];
  const secrets = [mine.secretkey, token, env.ADMIN_TOKEN ?? "", wrong, metadata, hostSign];
  const named = { ...mine, identifier: "circus", image: circus, metadata: JSON.stringify(metadata) };
  for (const endpoint of ["AddImage", "ReplaceImage", "UpdateImageInfo", "IssueToken", "FindImage", "RemoveImage"]) {
    await call(endpoint, named, here);
    await call(endpoint, { ...named, secretkey: wrong }, here);
    // As people mistake one field for the other.
    await call(endpoint, { ...named, username: mine.secretkey, secretkey: mine.username }, here);
    await call(endpoint, { ...named, username: undefined, secretkey: undefined, token }, here);
    const headers = { Authorization: `Bearer ${token}`, "X-WECHAT-HOSTSIGN": hostSign };
    await send(post(endpoint, formOf({ ...named, secretkey: undefined }), headers), here);
  }
  const headers = { Authorization: `Bearer ${env.ADMIN_TOKEN}` };
  const made = { username: newName("user"), secretkey: newName("secret") };
  await send(post("admin/users", formOf(made), headers), here);
  const rotated = await readAnswer(
    await send(post("admin/secrets", formOf({ username: made.username }), headers), here),
  );
  await send(post("admin/users", formOf(made), { Authorization: `Bearer ${wrong}` }), here);
  secrets.push(made.secretkey, (rotated as unknown as { secretkey: string }).secretkey);
  const text = JSON.stringify([log.mock.calls, error.mock.calls]);
  expect(linesOf().length).toBe(1 + 6 * 5 + 3);
  for (const secret of secrets) expect([secret, text.includes(secret)]).toEqual([secret, false]);
  expect(await admin("users", { username: made.username, disabled: 1 })).toMatchObject({ returncode: 0 });
});
