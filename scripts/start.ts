/** `npm start`: builds, starts the Worker locally with a demo account and the sample pictures, and says how to go on. */

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { LookmarkClient } from "../shared/client.ts";
import { readPort, untilEnded, untilStopped } from "./lifetime.ts";
import { CannotStart, createAccount, type Local, requirePlace, startLocal } from "./local.ts";

const DEMO = { username: "demo", secretkey: "demo", channel: "demo" };
/** Web pages that are being made on this machine. */
const LOCAL_ORIGINS = "http://localhost:* http://127.0.0.1:*";
const samplesFolder = new URL("../worker/site/public/", import.meta.url);

interface Sample {
  readonly identifier: string;
  readonly file: string;
  readonly metadata: unknown;
}

await untilStopped(run);

async function run(signal: AbortSignal): Promise<void> {
  const port = readPort(process.env.PORT);
  const stateDir = resolve(process.env.STATE_DIR || ".lookmark/state");
  await requirePlace(port, stateDir); // before anybody waits for the build
  console.log("Building …");
  await build(signal);
  console.log("Starting …");
  const vars = { DEMO: Object.values(DEMO).join(":"), ALLOWED_ORIGINS: LOCAL_ORIGINS };
  const local = await startLocal({ port, stateDir, vars, signal, log: (text) => process.stderr.write(text) });
  await createAccount(local, DEMO.username, DEMO.secretkey, DEMO.channel);
  await addSamples(local, join(stateDir, "samples-added"));
  greet(local.origin, stateDir);
  await untilEnded(local, signal);
}

/** Prints what the build said only where it failed. */
async function build(signal: AbortSignal): Promise<void> {
  const child = spawn("npm", ["run", "--silent", "build"], { stdio: ["ignore", "pipe", "pipe"], signal });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => output.push(data));
  const exitCode = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  if (exitCode !== 0) throw new CannotStart(`the build failed; has \`npm ci\` run?\n${Buffer.concat(output)}`);
}

/** Once for a state folder: a sample that the user removed stays removed. */
async function addSamples({ origin }: Local, marker: string): Promise<void> {
  if (existsSync(marker)) return;
  const samples = JSON.parse(readFileSync(new URL("samples/samples.json", samplesFolder), "utf8")) as Sample[];
  console.log(`Adding ${samples.length} sample pictures …`);
  const client = new LookmarkClient(origin, DEMO);
  for (const { identifier, file, metadata } of samples) {
    const image = new Blob([readFileSync(new URL(file, samplesFolder))]);
    const fields = { channel: DEMO.channel, identifier, image, metadata: JSON.stringify(metadata) };
    const answer = await client.addImage(fields);
    if (answer.returncode !== 0) throw new Error(`${identifier}: ${answer.message}`);
  }
  writeFileSync(marker, "");
}

function greet(origin: string, stateDir: string): void {
  const picture = fileURLToPath(new URL("samples/poster.night_jazz.jpg", samplesFolder));
  console.log(`
Lookmark is ready.

  Page      ${origin}
  Console   ${origin}/console/
  Account   username ${DEMO.username}   secretkey ${DEMO.secretkey}   channel ${DEMO.channel}
  State     ${stateDir}

Ask it what a picture shows:

  curl -F username=${DEMO.username} -F secretkey=${DEMO.secretkey} -F channel=${DEMO.channel} \\
       -F 'image=@${picture}' ${origin}/FindImage

Stop with Ctrl-C; the next start finds its state again.`);
}
