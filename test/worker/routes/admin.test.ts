/** /admin: who may, and what users and channels it makes. */

import { describe, expect, it } from "vitest";
import {
  admin,
  call,
  formOf,
  newChannel,
  newName,
  newUser,
  ORIGIN,
  post,
  readAnswer,
  send,
} from "../../support/api.ts";

describe("/admin", () => {
  it("is 20001 to a wrong token, and to none", async () => {
    for (const headers of [{ Authorization: "Bearer wrong" }, { Authorization: "Basic test-admin-token" }, {}]) {
      const request = post("admin/users", formOf({ username: newName("user") }), headers);
      expect(await readAnswer(await send(request))).toMatchObject({ returncode: 20001 });
    }
  });

  it("does not exist without the ADMIN_TOKEN secret, whatever token is given", async () => {
    for (const token of ["", "undefined", "test-admin-token"]) {
      const request = post("admin/users", "", { Authorization: `Bearer ${token}` });
      expect(await readAnswer(await send(request, { ADMIN_TOKEN: "" }), 404)).toMatchObject({ returncode: 404 });
    }
  });

  it("has nothing else behind its token", async () => {
    const headers = { Authorization: "Bearer test-admin-token" };
    await readAnswer(await send(post("admin/everything", "", headers)), 404);
    await readAnswer(await send(new Request(`${ORIGIN}/admin/users`, { headers })), 405);
  });
});

describe("POST /admin/users", () => {
  it("makes a user with the secret key given, or with a random one", async () => {
    const username = newName("user");
    expect(await admin("users", { username, secretkey: "given" })).toMatchObject({
      returncode: 0,
      username,
      secretkey: "given",
    });
    const random = await admin("users", { username: newName("user") });
    expect(random.secretkey).toMatch(/^[a-z2-9]{32}$/);
    expect(await call("IssueToken", { username, secretkey: "given" })).toMatchObject({ returncode: 0 });
    expect(await call("IssueToken", { username: random.username, secretkey: random.secretkey })).toMatchObject({
      returncode: 0,
    });
  });

  it("refuses a name that is too short, too long or has other characters", async () => {
    for (const username of ["", "ab", "x".repeat(51), "two words", "名字名字"]) {
      expect(await admin("users", { username })).toMatchObject({ returncode: 30001, field: "username" });
    }
  });

  it("says so where the body is too long", async () => {
    expect(await admin("users", { username: "x".repeat(600_000) })).toMatchObject({ returncode: 30001, field: "body" });
  });
});

describe("POST /admin/channels", () => {
  it("makes a channel, with the deployment's quota and closed where nothing else is said", async () => {
    const { username } = await newUser();
    const channel = newName("channel");
    const made = await admin("channels", { username, channel });
    expect(made).toMatchObject({ returncode: 0, username, channel, quota: 5000, publicread: 0 });
  });

  it("changes a channel's quota and public reading and keeps its images", async () => {
    const { username, channel } = await newChannel();
    const changed = await admin("channels", { username, channel, quota: "7", publicread: 1 });
    expect(changed).toMatchObject({ returncode: 0, quota: 7, publicread: 1 });
  });

  it("never gives a channel to another user, nor to one who does not exist", async () => {
    const { channel } = await newChannel();
    const { username } = await newUser();
    for (const fields of [
      { channel, username },
      { channel: newName("channel"), username: newName("nobody") },
      { channel: newName("channel") },
    ]) {
      expect(await admin("channels", fields)).toMatchObject({ returncode: 30001, field: "username" });
    }
  });

  it("refuses a malformed name or quota", async () => {
    const { username } = await newUser();
    for (const channel of ["", "ab", "x".repeat(51), "a/b/c"]) {
      expect(await admin("channels", { username, channel })).toMatchObject({ returncode: 30001, field: "channel" });
    }
    for (const quota of ["0", "-1", "many", "10000001"]) {
      const fields = { username, channel: newName("channel"), quota };
      expect(await admin("channels", fields)).toMatchObject({ returncode: 30001, field: "quota" });
    }
    const tooLong = { username, channel: "x".repeat(600_000) };
    expect(await admin("channels", tooLong)).toMatchObject({ returncode: 30001, field: "body" });
  });
});
