/** How many calls with pictures an isolate takes on, and what those are answered that are too many. */

import { afterEach, describe, expect, it } from "vitest";
import {
  Admission,
  ARRIVING_BYTES_MOST,
  ARRIVING_MOST,
  CHANNEL_MOST,
  type Seat,
  USER_MOST,
  WORKING_MOST,
} from "../../../worker/recognize/admission.ts";
import { admission } from "../../../worker/recognize/isolate.ts";
import { formOf, newChannel, newUser, post, readAnswer, send } from "../../support/api.ts";
import { circus } from "../../support/pictures.ts";

function enterMany(into: Admission, count: number, bytes = 0): Seat[] {
  return Array.from({ length: count }, () => into.enter(bytes) as Seat);
}

describe("admission", () => {
  it("lets so many in, and others when they have left", () => {
    const admission = new Admission();
    const [first] = enterMany(admission, ARRIVING_MOST);
    expect(admission.enter(0)).toBeUndefined();
    first?.leave();
    expect(admission.enter(0)).toBeDefined();
    expect(admission.enter(0)).toBeUndefined();
  });

  it("lets so many bytes in, but any call that is alone", () => {
    const admission = new Admission();
    const large = admission.enter(2 * ARRIVING_BYTES_MOST);
    expect(admission.enter(1)).toBeUndefined();
    large?.leave();
    expect(admission.enter(ARRIVING_BYTES_MOST)).toBeDefined();
    expect(admission.enter(0)).toBeDefined();
    expect(admission.enter(1)).toBeUndefined();
  });

  it("keeps room for others where one user asks for all of it", () => {
    const admission = new Admission();
    const claims = enterMany(admission, USER_MOST + 1).map((seat, i) => seat.claim("one", `channel.${i}`));
    expect(claims.filter(Boolean)).toHaveLength(USER_MOST);
    expect(claims.at(-1)).toBe(false);
    expect(admission.enter(0)?.claim("another", "channel.0")).toBe(true);
  });

  it("keeps room for a user's other channels where one of them asks for all of it", () => {
    const admission = new Admission();
    const claims = enterMany(admission, CHANNEL_MOST + 1).map((seat) => seat.claim("one", "crowded"));
    expect(claims.filter(Boolean)).toHaveLength(CHANNEL_MOST);
    expect(claims.at(-1)).toBe(false);
    expect(admission.enter(0)?.claim("one", "other")).toBe(true);
    expect(admission.enter(0)?.claim("another", "crowded")).toBe(true);
  });

  it("works on so many, of however many users, and forgets those who have left", () => {
    const admission = new Admission();
    const seats = enterMany(admission, WORKING_MOST);
    expect(seats.every((seat, i) => seat.claim(`user.${i}`, "c"))).toBe(true);
    expect(admission.enter(0)?.claim("late", "c")).toBe(false);
    for (const seat of seats) seat.leave();
    expect(enterMany(admission, CHANNEL_MOST).every((seat) => seat.claim("user.0", "c"))).toBe(true);
  });

  it("counts a call once, however often it is asked for", () => {
    const admission = new Admission();
    const seat = admission.enter(0);
    for (let i = 0; i <= CHANNEL_MOST; i++) expect(seat?.claim("one", "c")).toBe(true);
    seat?.leave();
    expect(enterMany(admission, CHANNEL_MOST).every((other) => other.claim("one", "c"))).toBe(true);
  });
});

describe("calls with pictures", () => {
  const taken: Seat[] = [];

  afterEach(() => {
    for (const seat of taken.splice(0)) seat.leave();
  });

  it.each(["AddImage", "ReplaceImage", "GradeImage", "FindImage", "ImportImages"])(
    "to %s are 20015 with Retry-After while too many arrive, with what they send read or not",
    async (endpoint) => {
      const mine = { ...(await newChannel()), identifier: "circus" };
      taken.push(...enterMany(admission, ARRIVING_MOST));
      for (const image of [circus, new Blob([new Uint8Array(2 ** 20)])]) {
        const response = await send(post(endpoint, formOf({ ...mine, image })), {});
        expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
        expect(await readAnswer(response)).toMatchObject({ returncode: 20015 });
      }
      for (const seat of taken.splice(0)) seat.leave();
      const after = await readAnswer(await send(post("FindImage", formOf({ ...mine, image: circus })), {}));
      expect(after).toMatchObject({ returncode: 0 });
    },
  );

  it("are 20015 for a channel that has enough of them, and not for another; other calls go on", async () => {
    const [busy, other] = [await newChannel({ owner: await newUser() }), await newChannel({ owner: await newUser() })];
    taken.push(...enterMany(admission, CHANNEL_MOST));
    for (const seat of taken) seat.claim(busy.username, busy.channel);
    const ask = async (endpoint: string, mine: object) =>
      readAnswer(await send(post(endpoint, formOf({ ...mine, image: circus })), {}));
    expect(await ask("FindImage", busy)).toMatchObject({ returncode: 20015 });
    expect(await ask("FindImage", other)).toMatchObject({ returncode: 0 });
    expect(await ask("GetImages", busy)).toMatchObject({ returncode: 0 });
  });

  it("are 20015 for such a channel before any credentials are looked at, also in a token", async () => {
    const busy = await newChannel({ owner: await newUser() });
    const { token } = await readAnswer(await send(post("IssueToken", formOf(busy)), {}));
    const { username, secretkey } = busy;
    const everywhere = await readAnswer(await send(post("IssueToken", formOf({ username, secretkey })), {}));
    taken.push(...enterMany(admission, CHANNEL_MOST));
    for (const seat of taken) seat.claim(busy.username, busy.channel);
    const RATE_LIMITER = { limit: () => expect.fail("counted") };
    const { channel } = busy;
    const calls = [
      post("FindImage", formOf({ ...busy, image: circus })),
      post("FindImage", formOf({ ...busy, secretkey: "wrong", image: circus })),
      post("FindImage", formOf({ channel, token, image: circus })),
      post("FindImage", formOf({ channel, token: everywhere.token, image: circus })),
      post("FindImage", formOf({ channel, image: circus }), { Authorization: `Bearer ${token}` }),
    ];
    for (const call of calls) {
      const response = await send(call, { RATE_LIMITER });
      expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
      expect(await readAnswer(response)).toMatchObject({ returncode: 20015 });
    }
  });

  it("leave their places whatever comes of them", async () => {
    const mine = await newChannel();
    for (let i = 0; i <= ARRIVING_MOST; i++) {
      const image = i % 2 ? circus : new Blob(["no picture"]);
      const fields = i % 3 ? { ...mine, image } : { ...mine, secretkey: "wrong" };
      await readAnswer(await send(post("FindImage", formOf(fields)), {}));
    }
    expect(await readAnswer(await send(post("FindImage", formOf({ ...mine, image: circus })), {}))).toMatchObject({
      returncode: 0,
    });
  });
});
