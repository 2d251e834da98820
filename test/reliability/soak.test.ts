/** A short run of `npm run verify:soak`'s calls against the deployed bundle, and what clients see that send too much. */

import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, removeState } from "../../scripts/local.ts";
import { madeJpeg } from "../../scripts/verify/made.ts";
import { growthOf } from "../../scripts/verify/memory.ts";
import { ACCOUNT, CHANNEL, makeMix } from "../../scripts/verify/mix.ts";
import { buildBundle, startWorkerd } from "../../scripts/workerd.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { randomFrom } from "../../shared/random.ts";
import { freePort, temporaryFolder } from "../processes.ts";

const REPEATS = 5;
const HANG_UP_ROUNDS = 6;
const folder = temporaryFolder();
let local: Local;

beforeAll(async () => {
  const bundle = buildBundle(join(folder, "bundle"));
  local = await startWorkerd({ port: await freePort(), stateDir: join(folder, "state"), bundle });
  await createAccount(local, ACCOUNT.username, ACCOUNT.secretkey, CHANNEL);
});

afterAll(async () => {
  await local?.stop();
  removeState(folder);
});

describe("under mixed calls", () => {
  it("every call is answered as it must be, bombs and damaged files among them", async () => {
    const draw = await makeMix(local.origin, randomFrom(3));
    const problems: string[] = [];
    for (let i = 0; i < 120; i++) {
      const { kind, send } = draw(0);
      const problem = await send();
      if (problem) problems.push(`${kind}: ${problem}`);
    }
    expect(problems).toEqual([]);
  });

  it.each([
    ["a file that is far too large", "multipart/form-data; boundary=x", 20006],
    ["a picture that is not in a form", "image/jpeg", 20005],
  ])("%s is sent to its end and answered, not cut off", async (_, type, returncode) => {
    for (let i = 0; i < REPEATS; i++) {
      const body = new Uint8Array(9 * 2 ** 20);
      const response = await fetch(`${local.origin}/FindImage`, {
        method: "POST",
        body,
        headers: { "Content-Type": type },
      });
      expect(await response.json()).toMatchObject({ returncode });
    }
  });
});

describe("callers who hang up", () => {
  /** Sends a frame and resets the connection, as a phone that loses its network. Whether no answer had come. */
  function hangUp(image: Blob, afterMs: number): Promise<boolean> {
    const body = new Response(formOf(image));
    const headers = { "Content-Type": body.headers.get("Content-Type") as string };
    return new Promise((resolve) => {
      const call = request(`${local.origin}/FindImage`, { method: "POST", headers, agent: false }, () =>
        resolve(false),
      );
      call.on("error", () => resolve(true));
      void body.arrayBuffer().then((bytes) => call.end(new Uint8Array(bytes)));
      setTimeout(() => call.socket?.resetAndDestroy(), afterMs);
    });
  }

  function formOf(image: Blob): FormData {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...ACCOUNT, channel: CHANNEL })) form.set(name, value);
    form.set("image", image);
    return form;
  }

  it("while their pictures wait or are worked on leave room: the next one is answered", async () => {
    const image = new Blob([madeJpeg(1, 640, 480)]);
    for (let round = 0; round < HANG_UP_ROUNDS; round++) {
      const hungUp = await Promise.all(Array.from({ length: 16 }, (_, i) => hangUp(image, 10 + 15 * i)));
      expect(hungUp.filter(Boolean).length).toBeGreaterThan(0);
    }
    const client = new LookmarkClient(local.origin, ACCOUNT, { timeoutMs: 20_000 });
    const answered = async () => (await client.findImage({ channel: CHANNEL, image })).returncode;
    await expect.poll(answered, { interval: 200, timeout: 10_000 }).toBe(0);
  });
});

describe("growth", () => {
  const samples = (isolate: (at: number) => number) =>
    Array.from({ length: 100 }, (_, seconds) => ({ seconds, isolate: isolate(seconds), resident: 0 }));

  it("is none where memory is filled once and then kept", () => {
    const growth = growthOf(
      samples((at) => Math.min(200, 100 + 10 * at)),
      "isolate",
    );
    expect(growth).toMatchObject({ early: 200, late: 200, percent: "+0.0" });
  });

  it("is seen where a little is lost at every call", () => {
    const { early, late } = growthOf(
      samples((at) => 200 + at),
      "isolate",
    );
    expect(late / early).toBeGreaterThan(1.1);
  });
});
