/** What was acknowledged survives kill -9: whole process groups are killed right after an answer, or in the middle of a call. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, removeState, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { freePort, samplePicture, temporaryFolder } from "../processes.ts";

const ACCOUNT = { username: "durable", secretkey: "durable" };
const CHANNEL = "durable";

const stateDir = temporaryFolder();
let local: Local | undefined;
let client: LookmarkClient;

async function startServer(): Promise<Local> {
  local = await startLocal({ port: await freePort(), stateDir });
  client = new LookmarkClient(local.origin, ACCOUNT);
  return local;
}

async function killAndRestart(): Promise<void> {
  await local?.stop("SIGKILL");
  await startServer();
}

const add = (identifier: string) =>
  client.addImage({ channel: CHANNEL, identifier, image: samplePicture(identifier), metadata: `"${identifier}"` });

async function found(identifier: string): Promise<string | undefined> {
  const answer = await client.findImage({ channel: CHANNEL, image: samplePicture(identifier) });
  expect(answer.returncode).toBe(0);
  return answer.identifier;
}

beforeAll(async () => {
  await createAccount(await startServer(), ACCOUNT.username, ACCOUNT.secretkey, CHANNEL);
});

afterAll(async () => {
  await local?.stop();
  removeState(stateDir);
});

describe("after kill -9", () => {
  it.each(["card.stargazer", "cover.moon_whale"])(
    "what AddImage acknowledged a moment before is found: %s",
    async (id) => {
      expect(await add(id)).toMatchObject({ returncode: 0 });
      await killAndRestart();
      expect(await found(id)).toBe(id);
      expect(await client.getImage({ channel: CHANNEL, identifier: id })).toMatchObject({ metadata: `"${id}"` });
    },
  );

  it("what RemoveImage acknowledged a moment before is not found, and all else is", async () => {
    expect(await client.removeImage({ channel: CHANNEL, identifier: "card.stargazer" })).toMatchObject({ removed: 1 });
    await killAndRestart();
    expect(await found("card.stargazer")).toBeUndefined();
    expect(await found("cover.moon_whale")).toBe("cover.moon_whale");
    expect(await client.getImages({ channel: CHANNEL })).toMatchObject({ totalcount: 1 });
  });

  it("in the middle of replacements, each picture is the old or the new one, and what was acknowledged is new", async () => {
    const replaced = { "card.ember_drake": "poster.night_jazz", "card.port_solera": "poster.science_fair" };
    for (const old of Object.keys(replaced)) expect(await add(old)).toMatchObject({ returncode: 0 });
    const replace = ([identifier, by]: [string, string]) =>
      client.replaceImage({ channel: CHANNEL, identifier, image: samplePicture(by) });
    const answers = Object.entries(replaced).map((pair) => replace(pair).catch(() => undefined));
    await Promise.race(answers);
    await killAndRestart();
    const acknowledged = await Promise.all(answers);
    expect(acknowledged.some((answer) => answer?.returncode === 0)).toBe(true);
    for (const [i, [old, by]] of Object.entries(replaced).entries()) {
      const [foundOld, foundNew] = [await found(old), await found(by)];
      expect([foundOld, foundNew].filter((identifier) => identifier === old)).toHaveLength(1);
      if (acknowledged[i]?.returncode === 0) expect(foundNew).toBe(old);
      expect(await client.getImage({ channel: CHANNEL, identifier: old })).toMatchObject({ metadata: `"${old}"` });
      expect(await replace([old, by])).toMatchObject({ returncode: 0 });
      expect(await found(by)).toBe(old);
    }
  });

  it("in the middle of additions, each is there as a whole or not at all, and may be repeated", async () => {
    const identifiers = ["poster.circus", "poster.marathon", "label.crane_tea", "label.comet_crunch"];
    const answers = identifiers.map((identifier) => add(identifier).catch(() => undefined));
    await Promise.race(answers);
    await killAndRestart();
    const acknowledged = await Promise.all(answers);
    expect(acknowledged.some((answer) => answer?.returncode === 0)).toBe(true);
    const { images = [] } = await client.getImages({ channel: CHANNEL });
    const listed = images.map(({ identifier }) => identifier);
    for (const [i, identifier] of identifiers.entries()) {
      if (acknowledged[i]?.returncode === 0) expect(listed).toContain(identifier);
      expect(await found(identifier)).toBe(listed.includes(identifier) ? identifier : undefined);
      expect(await add(identifier)).toMatchObject({ returncode: 0 });
      expect(await found(identifier)).toBe(identifier);
    }
  });
});
