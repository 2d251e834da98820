/** GetChannels: a user's own channels, and nobody else's. */

import { describe, expect, it } from "vitest";
import { admin, call, newChannel, newName, newUser } from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

describe("GetChannels", () => {
  it("lists the user's channels by name, each with quota, public reading and how many images it holds", async () => {
    const owner = await newUser();
    const first = await newChannel({ owner, quota: 7 });
    const second = await newChannel({ owner, publicread: 1 });
    await newChannel();
    await call("AddImage", { ...first, identifier: "circus", image: circus });
    const { channels } = await call("GetChannels", owner);
    const expected = [
      { channel: first.channel, quota: 7, publicread: 0, imagecount: 1 },
      { channel: second.channel, quota: 5000, publicread: 1, imagecount: 0 },
    ];
    expect(channels).toEqual(expected.sort((a, b) => (a.channel < b.channel ? -1 : 1)));
  });

  it("is an empty list for a user without channels, and leaves out those that the operator disabled", async () => {
    const owner = await newUser();
    expect(await call("GetChannels", owner)).toMatchObject({ returncode: 0, channels: [] });
    const { channel, username } = await newChannel({ owner });
    await admin("channels", { username, channel, disabled: 1 });
    expect(await call("GetChannels", owner)).toMatchObject({ returncode: 0, channels: [] });
  });

  it("is 20001 for a wrong secret key, an unknown user and a query token", async () => {
    const owner = await newUser();
    const { token } = await call("IssueToken", owner);
    for (const credentials of [
      { ...owner, secretkey: "wrong" },
      { ...owner, username: newName("user") },
      { token },
      {},
    ]) {
      expect(await call("GetChannels", credentials)).toMatchObject({ returncode: 20001 });
    }
  });
});
