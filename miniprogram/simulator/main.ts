/** `npm run simulator`: the component in a browser, against the Worker that `npm start` runs. PORT and ENDPOINT choose others. */

import { buildSimulator } from "./build.ts";
import { serveSimulator } from "./server.ts";

const port = Number(process.env.PORT || 8788);
const origin = process.env.ENDPOINT || "http://127.0.0.1:8787";
const { LOOKMARK_USERNAME = "demo", LOOKMARK_SECRETKEY = "demo", LOOKMARK_CHANNEL = "demo" } = process.env;

await buildSimulator();
await serveSimulator(port, {
  origin,
  username: LOOKMARK_USERNAME,
  secretkey: LOOKMARK_SECRETKEY,
  channel: LOOKMARK_CHANNEL,
}).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== "EADDRINUSE") throw error;
  console.error(`Port ${port} is taken; choose another one: PORT=${port + 10} npm run simulator`);
  process.exit(1);
});
console.log(`The simulator is at http://127.0.0.1:${port}; it asks ${origin}, which \`npm start\` runs.`);
