/**
 * Adds a picture, issues a query token, and finds the picture with it, as a phone does. Usage: node add-and-find.js PICTURE.jpg
 *
 * Node 20 or newer, nothing to install; `call` is the same in a browser, where only the part of the phone belongs. In TypeScript,
 * shared/client.ts is a typed client.
 */

import { readFile } from "node:fs/promises";
import process from "node:process";

const host = process.env.LOOKMARK_HOST ?? "http://127.0.0.1:8787";
const account = {
  username: process.env.LOOKMARK_USERNAME ?? "demo",
  secretkey: process.env.LOOKMARK_SECRETKEY ?? "demo",
  channel: process.env.LOOKMARK_CHANNEL ?? "demo",
};

/** Throws where the returncode is not 0; HTTP status is 200 for refusals, too. */
async function call(endpoint, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  const response = await fetch(`${host}/${endpoint}`, { method: "POST", body, signal: AbortSignal.timeout(60_000) });
  const answer = await response.json();
  if (answer.returncode === 0) return answer;
  throw new Error(`${endpoint}: ${answer.returncode} ${answer.message} (requestid ${answer.requestid})`);
}

const image = new Blob([await readFile(process.argv[2])]);

// On your server, which holds the secret key:
const metadata = JSON.stringify({ title: "My first" });
const { level } = await call("AddImage", { ...account, identifier: "example.javascript", metadata, image });
console.log(`added example.javascript, level ${level} of 5`);
const { token } = await call("IssueToken", { ...account, ttl: 600 });

// On the phone, which must never hold it:
const found = await call("FindImage", { token, image });
if (found.identifier === undefined) console.log("nothing found");
else console.log(`found ${found.identifier}, score ${found.score}, corners ${JSON.stringify(found.corners)}`);
