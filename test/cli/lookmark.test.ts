/** The command line as its users meet it: real processes against a real local Worker. */

import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import UPNG from "upng-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccount, type Local, removeState, startLocal } from "../../scripts/local.ts";
import { LookmarkClient } from "../../shared/client.ts";
import { freePort, type Outcome, type Program, root, sampleFile, start, temporaryFolder } from "../processes.ts";

const ACCOUNT = { LOOKMARK_USERNAME: "cli", LOOKMARK_SECRETKEY: "cli.secret" };
const PICTURES = ["card.stargazer", "cover.moon_whale", "label.crane_tea"];

const folder = temporaryFolder();
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
let local: Local;
let channelCount = 0;

beforeAll(async () => {
  local = await startLocal({ port: await freePort(), stateDir: join(folder, "state") });
  await createAccount(local, ACCOUNT.LOOKMARK_USERNAME, ACCOUNT.LOOKMARK_SECRETKEY, "first");
});

afterAll(async () => {
  await local?.stop();
  removeState(folder);
});

/** The program with a home of its own, so that no journal of other runs counts. */
function begin(args: readonly string[], environment: NodeJS.ProcessEnv = {}, input?: string): Program {
  const own = { HOME: join(folder, "home"), PATH: process.env.PATH, LOOKMARK_HOST: local.origin, ...ACCOUNT };
  return start(process.execPath, [join(root, "cli/lookmark.ts"), ...args], { ...own, ...environment }, { input });
}

function lookmark(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return begin(args, environment).outcome;
}

async function newChannel(): Promise<string> {
  const channel = `channel.${++channelCount}`;
  await createAccount(local, ACCOUNT.LOOKMARK_USERNAME, ACCOUNT.LOOKMARK_SECRETKEY, channel);
  return channel;
}

/** A folder with these sample pictures. */
function folderOf(name: string, identifiers: readonly string[]): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const identifier of identifiers) copyFileSync(sampleFile(identifier), join(path, `${identifier}.jpg`));
  return path;
}

function blankPng(file: string): string {
  const white = new Uint8Array(4 * 300 * 200).fill(255);
  writeFileSync(file, new Uint8Array(UPNG.encode([white.buffer], 300, 200, 0)));
  return file;
}

describe("lookmark", () => {
  it("is there as npx lookmark, with whatever Node the machine has", async () => {
    const foreign = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE/i.test(name));
    const PATH = (process.env.PATH ?? "")
      .split(delimiter)
      .filter((entry) => !entry.includes("node_modules"))
      .join(delimiter);
    const outcome = await start("npx", ["--offline", "lookmark", "--version"], { ...Object.fromEntries(foreign), PATH })
      .outcome;
    expect(outcome).toMatchObject({ exitCode: 0, stdout: `${version}\n` });
  });

  it("tells with --help what there is, and each command its own options", async () => {
    const { exitCode, stdout } = await lookmark(["--help"]);
    expect(exitCode).toBe(0);
    const commands = {
      add: "--concurrency",
      grade: "level",
      update: "--image",
      find: "--channel",
      list: "--json",
      remove: "IDENTIFIER",
      stats: "--from",
      login: "login.json",
      doctor: "query token",
      channels: "quota",
      token: "--ttl",
      completion: "bash",
    };
    const helps = await Promise.all(Object.keys(commands).map((command) => lookmark([command, "--help"])));
    for (const [i, [command, own]] of Object.entries(commands).entries()) {
      expect(stdout).toContain(`\n  ${command} `);
      const help = helps[i] as Outcome;
      expect(help).toMatchObject({ exitCode: 0, stderr: "" });
      expect(help.stdout).toContain(`Usage: lookmark ${command} `);
      expect(help.stdout).toContain(own);
    }
  });

  it.each([
    [[], "name a command"],
    [["fnid", "x.jpg"], "did you mean find?"],
    [["list", "--chanel", "c"], "did you mean --channel?"],
    [["list", "--prefix", "p"], "--prefix is not an option of list"],
    [["list", "operand"], "lookmark list"],
    [["add"], "lookmark add FILES"],
    [["add", "no/such/file.jpg", "--channel", "c"], "there is no no/such/file.jpg"],
    [["add", "package.json", "--channel", "c", "--metadata", "{"], "JSON"],
    [["add", "package.json", "--channel", "c", "--concurrency", "0"], "1 to 32"],
    [["find", "no/such/file.jpg"], "cannot be read (ENOENT)"],
    [["remove", "with-hyphen", "--channel", "c"], "nothing was removed"],
    [["update", "abc", "--channel", "c"], "say what to change"],
    [["update", "a-b", "--channel", "c", "--metadata", "{}"], "not an identifier"],
    [["update", "abc", "--channel", "c", "--metadata", "{"], "JSON"],
    [["update", "abc", "--channel", "c", "--image", "no/such/file.jpg"], "cannot be read (ENOENT)"],
    [["grade", "no/such/file.jpg", "--channel", "c"], "there is no no/such/file.jpg"],
    [["list", "--host", "lookmark.example.com"], "https://lookmark.example.com"],
    [["list"], "name the channel"],
    [["find", "package.json", "--max", "11"], "--max must be a whole number from 1 to 10"],
    [["token", "--ttl", "0"], "--ttl must be a whole number from 1 to 86400"],
    [["completion", "tcsh"], "none of bash, zsh and fish"],
    [["login", "lookmark.example.com"], "https://lookmark.example.com"],
  ])("refuses wrong usage with exit code 2, and says what is meant: %j", async (args, message) => {
    const { exitCode, stdout, stderr } = await lookmark(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain("--help");
  });

  it("says which setting is missing", async () => {
    const nobody = { LOOKMARK_USERNAME: "", LOOKMARK_SECRETKEY: "", LOOKMARK_HOST: "https://lookmark.example.com" };
    expect(await lookmark(["list"], nobody)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("LOOKMARK_USERNAME"),
    });
    expect(await lookmark(["list"], { ...nobody, LOOKMARK_USERNAME: "ada" })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("LOOKMARK_SECRETKEY"),
    });
  });

  it("fails with exit code 1 where the API refuses, with its code and request id", async () => {
    const wrongKey = await lookmark(["list", "--channel", "first"], { LOOKMARK_SECRETKEY: "wrong" });
    expect(wrongKey).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/20001 .*requestid/) });
    const noChannel = await lookmark(["add", sampleFile("card.stargazer"), "--channel", "nowhere"]);
    expect(noChannel).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("20003") });
    const asJson = await lookmark(["list", "--channel", "nowhere", "--json"]);
    expect(asJson.exitCode).toBe(1);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ returncode: 20003 });
  });

  it("fails with exit code 1 and advice where no server is", async () => {
    const nowhere = { LOOKMARK_HOST: `http://127.0.0.1:${await freePort()}` };
    const { exitCode, stderr } = await lookmark(["list", "--channel", "first"], nowhere);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("ECONNREFUSED");
    expect(stderr).toContain("npm start");
  });
});

describe("lookmark add", () => {
  it("adds files and folders with progress, and reports what it refused, with reasons", async () => {
    const channel = await newChannel();
    const pictures = folderOf("mixed", PICTURES);
    mkdirSync(join(pictures, "deeper"));
    copyFileSync(sampleFile("poster.circus"), join(pictures, "deeper", "big top-1.jpg"));
    blankPng(join(pictures, "blank.png"));
    writeFileSync(join(pictures, "text.jpg"), "just a text");
    writeFileSync(join(pictures, "readme.txt"), "left alone");
    copyFileSync(sampleFile("card.stargazer"), join(pictures, "same-name.jpg"));
    copyFileSync(sampleFile("card.stargazer"), join(pictures, "same_name.jpg"));
    copyFileSync(sampleFile("card.stargazer"), join(pictures, "海报.jpg"));
    const { exitCode, stdout, stderr } = await lookmark(["add", pictures, "--channel", channel, "--metadata", "[1]"]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain("Added 4, already there 0, refused 5.");
    expect(stdout).toMatch(/blank\.png +20013 .*points/);
    expect(stdout).toMatch(/text\.jpg +20007 /);
    expect(stdout).toMatch(/海报\.jpg +20010 .*"海"/);
    expect(stdout).toMatch(/same-name\.jpg +20016 .*same_name\.jpg/);
    expect(stderr).toMatch(/\[6\/6\]/);
    const { images } = JSON.parse((await lookmark(["list", "--channel", channel, "--json"])).stdout);
    expect(images.map(({ identifier }: { identifier: string }) => identifier)).toEqual(["big_top_1", ...PICTURES]);
    for (const image of images) expect(image).toMatchObject({ metadata: "[1]", level: expect.any(Number) });
  });

  it("run again finds all there; without its journal it sends them again, and nothing changes", async () => {
    const channel = await newChannel();
    const command = ["add", folderOf("again", PICTURES), "--channel", channel, "--prefix", "p."];
    expect((await lookmark(command)).stdout).toContain("Added 3, already there 0, refused 0.");
    const again = { exitCode: 0, stdout: "Added 0, already there 3, refused 0.\n" };
    expect(await lookmark(command)).toMatchObject(again);
    expect(await lookmark(command, { HOME: join(folder, "another.home") })).toMatchObject(again);
    const changed = await lookmark([...command, "--metadata", "[2]"]);
    expect(changed).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("20016") });
  });

  it.each([
    ["SIGKILL", null],
    ["SIGINT", 130],
  ] as const)("goes on where it was cut by %s", async (signal, exitCode) => {
    const channel = await newChannel();
    const names = [...PICTURES, "poster.circus", "poster.marathon", "label.comet_crunch"];
    const command = ["add", folderOf(`cut.${signal}`, names), "--channel", channel, "--concurrency", "1"];
    const cut = begin(command);
    await new Promise<void>((resolve) =>
      cut.process.stderr?.on("data", (text: string) => {
        if (text.includes("[1/6]")) resolve();
      }),
    );
    cut.process.kill(signal);
    const outcome = await cut.outcome;
    expect(outcome.exitCode).toBe(exitCode);
    if (signal === "SIGINT") expect(outcome.stdout).toContain("Run the same command again");
    const rest = await lookmark([...command, "--json"]);
    const { added, present, refused } = JSON.parse(rest.stdout);
    expect(rest.exitCode).toBe(0);
    expect(added.length).toBeGreaterThan(0);
    expect(present.length).toBeGreaterThan(0);
    expect(added.length + present.length).toBe(names.length);
    expect(refused).toEqual([]);
  });
});

describe("lookmark import and export", () => {
  it("brings a channel out and into another one as it was: files, metadata, thresholds, and what is recognized", async () => {
    const [from, to] = [await newChannel(), await newChannel()];
    await lookmark(["add", folderOf("moved", PICTURES), "--channel", from, "--metadata", '{"text":"a \\"b\\",\\nc"}']);
    await lookmark(["update", "card.stargazer", "--channel", from, "--matchratio", "61"]);
    const out = join(folder, "export");
    const exported = await lookmark(["export", out, "--channel", from]);
    expect(exported).toMatchObject({ exitCode: 0, stdout: `3 pictures and manifest.csv in ${out}\n` });
    expect(readFileSync(join(out, "card.stargazer.jpg"))).toEqual(readFileSync(sampleFile("card.stargazer")));
    const imported = await lookmark(["import", join(out, "manifest.csv"), "--channel", to]);
    expect(imported).toMatchObject({ exitCode: 0, stdout: "Added 3, already there 0, refused 0.\n" });
    const images = async (channel: string) => {
      const { images } = JSON.parse((await lookmark(["list", "--channel", channel, "--json"])).stdout);
      return images.map(({ trackingimage: _, ...image }: { trackingimage: string }) => image);
    };
    expect(await images(to)).toEqual(await images(from));
    const found = await lookmark(["find", sampleFile("cover.moon_whale"), "--channel", to]);
    expect(found.stdout).toMatch(/identifier +cover\.moon_whale/);
    const again = await lookmark(["import", join(out, "manifest.csv"), "--channel", to]);
    expect(again).toMatchObject({ exitCode: 0, stdout: "Added 0, already there 3, refused 0.\n" });
  });

  it("imports a folder quickly, with level 1, and reports what it cannot", async () => {
    const channel = await newChannel();
    const path = folderOf("import.folder", PICTURES);
    blankPng(join(path, "blank.png"));
    writeFileSync(join(path, "broken.jpg"), "no picture");
    const { exitCode, stdout } = await lookmark(["import", path, "--channel", channel, "--quick", "--json"]);
    expect(exitCode).toBe(1);
    const { added, refused } = JSON.parse(stdout);
    expect(added.map(({ level }: { level: number }) => level)).toEqual([1, 1, 1]);
    expect(refused.map(({ returncode }: { returncode: number }) => returncode).sort()).toEqual([20007, 20013]);
    const found = await lookmark(["find", sampleFile("card.stargazer"), "--channel", channel]);
    expect(found.stdout).toMatch(/identifier +card\.stargazer/);
  });

  it.each([
    ["file,identifier\nnowhere.jpg,nowhere\n", "cannot be read"],
    ["file,identifier\ncard.stargazer.jpg,a-b\n", "20010"],
    ["file,metadata\ncard.stargazer.jpg,{\n", "must be JSON text"],
    ["file,matchratio\ncard.stargazer.jpg,200\n", "must be 0 to 100"],
    ["file,identifier\ncard.stargazer.jpg,same\ncover.moon_whale.jpg,same\n", "as well"],
  ])("refuses the row of %j", async (text, problem) => {
    const table = join(folderOf("rows", PICTURES), "pictures.csv");
    writeFileSync(table, text);
    const { exitCode, stdout } = await lookmark(["import", table, "--channel", await newChannel()]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining(problem)]);
    expect(stdout).toContain("Added 0,");
  });

  it.each([
    ["name\nx\n", "has no column file"],
    ['file\n"x\n', "is no CSV table"],
  ])("refuses the table %j before it asks anything", async (text, problem) => {
    const table = join(folderOf("tables", PICTURES), "pictures.csv");
    writeFileSync(table, text);
    const { exitCode, stderr } = await lookmark(["import", table, "--channel", "any"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });

  it("goes on where it was cut by kill -9", async () => {
    const channel = await newChannel();
    const names = [...PICTURES, "poster.circus", "poster.marathon", "label.comet_crunch"];
    const command = ["import", folderOf("import.cut", names), "--channel", channel];
    const cut = begin(command);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    cut.process.kill("SIGKILL");
    await cut.outcome;
    const { exitCode, stdout } = await lookmark([...command, "--json"]);
    const { added, present } = JSON.parse(stdout);
    expect([exitCode, added.length + present.length]).toEqual([0, names.length]);
    expect((await lookmark(["list", "--channel", channel])).stdout).toContain(`${names.length} pictures`);
  });
});

describe("lookmark grade and update", () => {
  let channel: string;

  beforeAll(async () => {
    channel = await newChannel();
    await lookmark(["add", folderOf("graded", PICTURES), "--channel", channel, "--metadata", "[1]"]);
  });

  it("grade pictures with advice and the names of those they are like, and store nothing", async () => {
    const files = [sampleFile("card.stargazer"), sampleFile("poster.marathon")];
    const { exitCode, stdout } = await lookmark(["grade", ...files, "--channel", channel]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/file +level +features .*like/);
    expect(stdout).toMatch(/card\.stargazer\.jpg +[1-5] .* card\.stargazer\n/);
    expect(stdout).toMatch(/poster\.marathon\.jpg: \w.*\./);
    expect((await lookmark(["list", "--channel", channel])).stdout).toContain("3 pictures");
  });

  it("grade goes on after a picture that cannot be used, and fails in the end", async () => {
    const blank = blankPng(join(folder, "blank.grade.png"));
    const graded = await lookmark(["grade", blank, sampleFile("poster.circus"), "--channel", channel, "--json"]);
    expect(graded.exitCode).toBe(1);
    expect(JSON.parse(graded.stdout)).toMatchObject([
      { file: blank, answer: { returncode: 20013 } },
      { answer: { returncode: 0, scores: { detection: expect.any(Number) } } },
    ]);
  });

  it("update changes what is named, and leaves the rest", async () => {
    const image = async () => {
      const { images } = JSON.parse((await lookmark(["list", "--channel", channel, "--json"])).stdout);
      return images.find(({ identifier }: { identifier: string }) => identifier === "card.stargazer");
    };
    const change = (...args: string[]) => lookmark(["update", "card.stargazer", "--channel", channel, ...args]);
    expect(await change("--matchratio", "61")).toMatchObject({ exitCode: 0, stdout: "updated card.stargazer\n" });
    expect(await image()).toMatchObject({ metadata: "[1]", matchratio: 61 });
    const replaced = await change("--image", sampleFile("poster.circus"));
    expect(replaced).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/updated card\.stargazer, level [1-5]/),
    });
    expect(await image()).toMatchObject({ metadata: "[1]", matchratio: 61 });
    const found = await lookmark(["find", sampleFile("poster.circus"), "--channel", channel]);
    expect(found.stdout).toMatch(/identifier +card\.stargazer/);
    await change("--metadata", "", "--matchratio", "");
    expect(await image()).toMatchObject({ metadata: "", matchratio: null });
    const absent = await lookmark(["update", "never.there", "--channel", channel, "--metadata", "[2]"]);
    expect(absent).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("20014") });
  });
});

describe("lookmark find, list, remove and stats", () => {
  let channel: string;

  beforeAll(async () => {
    channel = await newChannel();
    await lookmark(["add", folderOf("known", PICTURES), "--channel", channel, "--metadata", '{"a":1}']);
  });

  it("find a picture with its place, or nothing with exit code 3", async () => {
    const { exitCode, stdout } = await lookmark(["find", sampleFile("card.stargazer"), "--channel", channel]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/identifier +card\.stargazer/);
    expect(stdout).toMatch(/corners +-?0\.0\d\d,/);
    expect(stdout).toContain('{"a":1}');
    const nothing = await lookmark(["find", sampleFile("poster.marathon"), "--channel", channel]);
    expect(nothing).toMatchObject({ exitCode: 3, stdout: expect.stringContaining("Nothing found") });
    const blank = await lookmark(["find", blankPng(join(folder, "blank.png")), "--channel", channel]);
    expect(blank).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("20013") });
  });

  it("find in all channels where none is named, and answer JSON", async () => {
    const { stdout } = await lookmark(["find", sampleFile("label.crane_tea"), "--json"]);
    const { identifier, corners } = JSON.parse(stdout);
    expect(identifier).toContain("label.crane_tea");
    expect(corners).toHaveLength(4);
  });

  it("find several pictures, among those that are named", async () => {
    const photo = sampleFile("card.stargazer");
    const several = await lookmark(["find", photo, "--channel", channel, "--max", "3"]);
    expect(several).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/identifier +card\.stargazer\n/) });
    const others = ["find", photo, "--channel", channel, "--identifiers", "cover.moon_whale,label.crane_tea"];
    expect(await lookmark(others)).toMatchObject({ exitCode: 3 });
    const { images } = JSON.parse(
      (await lookmark(["find", photo, "--channel", channel, "--max", "3", "--json"])).stdout,
    );
    expect(images).toMatchObject([{ identifier: "card.stargazer" }]);
  });

  it("count the matches of today", async () => {
    await lookmark(["find", sampleFile("cover.moon_whale"), "--channel", channel]);
    const stats = await lookmark(["stats", "--channel", channel, "--identifier", "cover.moon_whale", "--json"]);
    expect(JSON.parse(stats.stdout)).toMatchObject({ channel, records: [{ count: 1 }] });
    const table = await lookmark(["stats", "--channel", channel]);
    expect(table.stdout).toMatch(/cover\.moon_whale +1\n/);
    const csv = await lookmark(["stats", "--channel", channel, "--csv"]);
    expect(csv).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^date,.*\r\n\d{8},/) });
    const none = await lookmark(["stats", "--channel", channel, "--from", "2001-01-01", "--to", "2001-12-31"]);
    expect(none).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("No matches") });
    const wrong = await lookmark(["stats", "--from", "yesterday"]);
    expect(wrong).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("30001") });
  });

  it("list the pictures, and remove them", async () => {
    const before = await lookmark(["list", "--channel", channel]);
    expect(before.stdout).toContain(`3 pictures in ${channel}`);
    const removed = await lookmark(["remove", "card.stargazer", "never.there", "--channel", channel]);
    expect(removed).toMatchObject({
      exitCode: 0,
      stdout: "removed card.stargazer\nwas not there: never.there\n",
    });
    expect((await lookmark(["list", "--channel", channel])).stdout).not.toContain("card.stargazer");
    const gone = await lookmark(["find", sampleFile("card.stargazer"), "--channel", channel]);
    expect(gone.exitCode).toBe(3);
  });
});

describe("lookmark login", () => {
  const nobody = { LOOKMARK_HOST: "", LOOKMARK_USERNAME: "", LOOKMARK_SECRETKEY: "" };

  /** Types the secret key on standard input. */
  function logIn(secretkey: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Outcome> {
    const command = ["login", local.origin, "--username", ACCOUNT.LOOKMARK_USERNAME, ...args];
    return begin(command, { ...nobody, ...environment }, `${secretkey}\n`).outcome;
  }

  it("keeps what the server has accepted where nobody else can read it, for the other commands", async () => {
    const home = { XDG_CONFIG_HOME: join(folder, "config") };
    const { exitCode, stdout } = await logIn(ACCOUNT.LOOKMARK_SECRETKEY, ["--channel", "first"], home);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Logged in to") });
    const file = join(home.XDG_CONFIG_HOME, "lookmark/login.json");
    expect(stdout).toContain(file);
    expect(stdout).not.toContain(ACCOUNT.LOOKMARK_SECRETKEY);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await lookmark(["list"], { ...nobody, ...home })).toMatchObject({ exitCode: 0, stderr: "" });
    const another = await lookmark(["list", "--channel", "nowhere"], { ...nobody, ...home });
    expect(another).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("20003") });
    const wrongKey = await lookmark(["list"], { ...nobody, ...home, LOOKMARK_SECRETKEY: "w", LOOKMARK_USERNAME: "w" });
    expect(wrongKey).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("name the channel") });
  });

  it("keeps nothing that the server refuses, and says which channels there are", async () => {
    const home = { XDG_CONFIG_HOME: join(folder, "refused") };
    expect(await logIn("wrong", [], home)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("20001") });
    const noChannel = await logIn(ACCOUNT.LOOKMARK_SECRETKEY, ["--channel", "nowhere"], home);
    expect(noChannel).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/no channel nowhere.*first/) });
    expect(await logIn("", [], home)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("missing") });
    expect(existsSync(join(home.XDG_CONFIG_HOME, "lookmark/login.json"))).toBe(false);
  });

  it("sends a kept secret key to no other server, and says where the file is damaged", async () => {
    const home = { ...nobody, XDG_CONFIG_HOME: join(folder, "other") };
    await logIn(ACCOUNT.LOOKMARK_SECRETKEY, [], home);
    const elsewhere = await lookmark(["list", "--host", "https://lookmark.example.com"], home);
    expect(elsewhere).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("say who asks") });
    writeFileSync(join(home.XDG_CONFIG_HOME, "lookmark/login.json"), "{");
    const damaged = await lookmark(["list"], home);
    expect(damaged).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("is damaged: log in again") });
  });
});

describe("lookmark channels and token", () => {
  it("lists the channels of the user with how full they are", async () => {
    const channel = await newChannel();
    await lookmark(["add", sampleFile("card.stargazer"), "--channel", channel]);
    const { exitCode, stdout } = await lookmark(["channels"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^channel +images +quota +public read\n/);
    expect(stdout).toMatch(new RegExp(`\n${channel} +1 +5000 +no\n`));
    const { channels } = JSON.parse((await lookmark(["channels", "--json"])).stdout);
    expect(channels).toContainEqual({ channel, quota: 5000, publicread: 0, imagecount: 1 });
  });

  it("issues a token that may ask in its channel, and the page that scans with it", async () => {
    const { exitCode, stdout } = await lookmark(["token", "--channel", "first", "--ttl", "60", "--json"]);
    expect(exitCode).toBe(0);
    const { token, expires, page } = JSON.parse(stdout);
    expect(page).toBe(`${local.origin}/webar/?channel=first#token=${token}`);
    expect(Math.abs(expires - Date.now() / 1000 - 60)).toBeLessThan(10);
    const client = new LookmarkClient(local.origin, { token });
    expect(await client.getImage({ channel: "first", identifier: "nothing" })).toMatchObject({ returncode: 20014 });
    expect((await lookmark(["token", "--channel", "first"])).stdout).toMatch(
      /token +\S+\nexpires +\d{4}-.*\npage +http/,
    );
  });
});

describe("lookmark doctor", () => {
  it("finds all well where a picture of the channel is recognized", async () => {
    const channel = await newChannel();
    await lookmark(["add", sampleFile("card.stargazer"), "--channel", channel]);
    const { exitCode, stdout } = await lookmark(["doctor", "--channel", channel]);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    const names = ["settings", "server", "version", "credentials", "clock", "channel", "sample"];
    expect([...stdout.matchAll(/^ok +(\w+)/gm)].map(([, name]) => name)).toEqual(names);
    expect(stdout).toMatch(/card\.stargazer is recognized in \d+ ms, score \d/);
  });

  it("says of an empty channel that recognition answers, and what to do", async () => {
    const { exitCode, stdout } = await lookmark(["doctor", "--channel", await newChannel()]);
    expect(exitCode).toBe(0);
    const { checks } = JSON.parse((await lookmark(["doctor", "--channel", await newChannel(), "--json"])).stdout);
    expect(checks.at(-1)).toMatchObject({ name: "sample", state: "warning" });
    expect(stdout).toMatch(/warn +sample +recognition answers .* empty\n +→ add a picture/);
  });

  it.each([
    ["a wrong secret key", { LOOKMARK_SECRETKEY: "wrong" }, "credentials", "lookmark login"],
    ["a channel that is not there", { LOOKMARK_CHANNEL: "nowhere" }, "channel", "name one of yours: "],
    ["no server", { LOOKMARK_HOST: "http://127.0.0.1:9" }, "server", "npm start"],
  ])("tells of %s, and what to do", async (_, environment, name, advice) => {
    const { exitCode, stdout } = await lookmark(["doctor"], environment);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`\nFAIL +${name} .*\n +→ .*${advice}`));
    const { checks } = JSON.parse((await lookmark(["doctor", "--json"], environment)).stdout);
    expect(checks.at(-1)).toMatchObject({ name, state: "failed" });
  });

  it("tells where something else answers at the address, and where the server's clock is off", async () => {
    const answers: Record<string, object> = {
      "/health": { returncode: 0, message: "success", requestid: "1", version },
      "/IssueToken": {
        returncode: 0,
        message: "success",
        requestid: "1",
        token: "t",
        expires: Date.now() / 1000 + 720,
      },
    };
    const server = createServer((request, response) => {
      const answer = answers[request.url ?? ""];
      response.writeHead(answer ? 200 : 404).end(JSON.stringify(answer ?? "nothing of ours"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { exitCode, stdout } = await lookmark(["doctor"], { LOOKMARK_HOST: `http://127.0.0.1:${port}` });
    server.close();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/\nwarn +clock +the server's differs by (59\d|600) s\n +→ .*NTP/);
    expect(stdout).toMatch(/\nFAIL +server .*HTTP 404.*\n +→ something else answers/);
  });
});

describe("lookmark completion", () => {
  /** What this shell would complete; undefined where it is not installed. */
  async function run(shell: string, script: string): Promise<string | undefined> {
    const program = start(shell, ["-c", script], { PATH: process.env.PATH });
    return program.outcome.then(({ stdout, stderr }) => stdout + stderr).catch(() => undefined);
  }

  it("completes commands and their options in bash", async () => {
    const { stdout } = await lookmark(["completion", "bash"]);
    const complete = (words: string, at: number) =>
      run("bash", `${stdout}\nCOMP_WORDS=(lookmark ${words}); COMP_CWORD=${at}; _lookmark; echo "\${COMPREPLY[@]}"`);
    expect(await complete("do", 1)).toBe("doctor\n");
    expect(await complete("find --ma", 2)).toBe("--max\n");
    expect(await complete("stats --", 2)).toContain("--csv");
    expect(await complete("find pack", 2)).toContain("package.json");
  });

  it.each(["zsh", "fish"])("is a script that %s can read, where it is installed", async (shell) => {
    const { exitCode, stdout } = await lookmark(["completion", shell]);
    expect(exitCode).toBe(0);
    for (const word of ["doctor", "ttl", "csv"]) expect(stdout).toContain(word);
    const checked = shell === "zsh" ? `compdef() {}\n${stdout}` : stdout;
    const said = await run(shell, checked);
    if (said === undefined) console.warn(`The ${shell} script is not run: ${shell} is not installed`);
    expect(said ?? "").toBe("");
  });
});
