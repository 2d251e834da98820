/** Objects in R2 that no image names, after calls that were cut off: they go, and only they. */

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newOriginal } from "../../../worker/catalog/pictures.ts";
import { call, channelNamed, type Mine, newChannel, objectsOf, shardBehind } from "../../support/api.ts";
import { circus, samples } from "../../support/pictures.ts";

const LATER_MS = 2 * 3_600_000;

let mine: Mine;

beforeEach(async () => {
  mine = await newChannel();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function alarm(): Promise<void> {
  await runInDurableObject(await shardBehind(mine), (instance) => instance.alarm());
}

function later(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LATER_MS });
}

/** R2 does not delete for once. */
function failDeletions(): void {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(Object.getPrototypeOf(env.BUCKET), "delete").mockRejectedValue(new Error("out of reach"));
}

describe("the original of a picture", () => {
  it("whose addition was cut off before its row goes after a while, and not before", async () => {
    const { id } = await channelNamed(mine.channel);
    const original = newOriginal(id);
    await (await shardBehind(mine)).expectOriginals([original]);
    await env.BUCKET.put(original, await circus.arrayBuffer());
    await alarm();
    expect(await objectsOf("originals", mine)).toEqual([original]);
    later();
    await alarm();
    expect(await objectsOf("originals", mine)).toEqual([]);
  });

  it("that does not come keeps no other image from its segment", async () => {
    const { id } = await channelNamed(mine.channel);
    await (await shardBehind(mine)).expectOriginals([newOriginal(id)]);
    await alarm();
    await call("AddImage", { ...mine, identifier: "circus", image: circus });
    const due = await runInDurableObject(await shardBehind(mine), (_, { storage }) => storage.getAlarm());
    expect((due as number) - Date.now()).toBeLessThan(60_000);
  });

  it("that was added stays", async () => {
    for (const shards of [1, 2]) {
      mine = await newChannel({ shards });
      await call("AddImage", { ...mine, identifier: "circus", image: circus });
      await call("ReplaceImage", { ...mine, identifier: "circus", image: samples["card.stargazer"] });
      later();
      for (let number = 0; number < shards; number++) {
        await runInDurableObject(await shardBehind(mine, number), (instance) => instance.alarm());
      }
      vi.useRealTimers();
      expect(await objectsOf("originals", mine)).toHaveLength(1);
    }
  });

  it.each(["RemoveImage", "ReplaceImage"])(
    "that %s could not delete is deleted by the next alarm",
    async (endpoint) => {
      await call("AddImage", { ...mine, identifier: "circus", image: circus });
      const before = await objectsOf("originals", mine);
      failDeletions();
      const fields = { ...mine, identifier: "circus", image: samples["card.stargazer"] };
      expect(await call(endpoint, fields)).toMatchObject({ returncode: 0 });
      expect(await objectsOf("originals", mine)).toEqual(expect.arrayContaining(before));
      vi.restoreAllMocks();
      await alarm();
      const after = await objectsOf("originals", mine);
      expect(after).toHaveLength(endpoint === "RemoveImage" ? 0 : 1);
      expect(after).not.toEqual(before);
    },
  );
});
