/** `npm start`: builds, starts the Worker locally with a demo account and the sample pictures, and says how to go on. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { LookmarkClient } from "../shared/client.ts";
import { createAccount, type Local, startLocal } from "./local.ts";

const DEMO = { username: "demo", secretkey: "demo", channel: "demo" };
const port = Number(process.env.PORT ?? 8787);
const stateDir = resolve(process.env.STATE_DIR ?? ".lookmark/state");
const samplesFolder = new URL("../worker/site/public/", import.meta.url);

interface Sample {
  readonly identifier: string;
  readonly file: string;
  readonly metadata: unknown;
}

console.log("Building …");
execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
const local = await startLocal({ port, stateDir, vars: { DEMO: Object.values(DEMO).join(":") } });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void local.stop());
await createAccount(local, DEMO.username, DEMO.secretkey, DEMO.channel);
await addSamples(local);
greet(local.origin);
await local.ended;

/** Adds what is missing; a second start finds everything there. */
async function addSamples({ origin }: Local): Promise<void> {
  const client = new LookmarkClient(origin, DEMO);
  const samples = JSON.parse(readFileSync(new URL("samples/samples.json", samplesFolder), "utf8")) as Sample[];
  const { images = [] } = await client.getImages({ channel: DEMO.channel, limit: 1000 });
  const known = new Set(images.map(({ identifier }) => identifier));
  for (const { identifier, file, metadata } of samples.filter((sample) => !known.has(sample.identifier))) {
    const image = new Blob([readFileSync(new URL(file, samplesFolder))]);
    const answer = await client.addImage({
      channel: DEMO.channel,
      identifier,
      image,
      metadata: JSON.stringify(metadata),
    });
    if (answer.returncode !== 0) throw new Error(`${identifier}: ${answer.message}`);
  }
}

function greet(origin: string): void {
  console.log(`
Lookmark is ready.

  Page      ${origin}
  Account   username ${DEMO.username}   secretkey ${DEMO.secretkey}   channel ${DEMO.channel}
  State     ${stateDir}

Ask it what a picture shows:

  curl -F username=${DEMO.username} -F secretkey=${DEMO.secretkey} -F channel=${DEMO.channel} \\
       -F image=@worker/site/public/samples/poster.night_jazz.jpg ${origin}/FindImage

Stop with Ctrl-C; the next start finds its state again.`);
}
