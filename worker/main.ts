/** The Worker: routes, what every answer has in common, and the page's files for every other path. */

import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { reasons } from "../shared/reason.ts";
import { admin } from "./routes/admin.ts";
import { admitted, PICTURE_PATHS } from "./routes/admission.ts";
import { type AppContext, type AppEnv, refuse } from "./routes/answer.ts";
import { bulk } from "./routes/bulk.ts";
import { channels } from "./routes/channels.ts";
import { crossOrigin, OPEN_PATHS } from "./routes/cross-origin.ts";
import { find } from "./routes/find.ts";
import { health } from "./routes/health.ts";
import { images } from "./routes/images.ts";
import { LOGGED_PATHS, logged } from "./routes/log.ts";
import { openapi } from "./routes/openapi.ts";
import { rated } from "./routes/rate.ts";
import { statistics } from "./routes/statistics.ts";
import { tokens } from "./routes/tokens.ts";
import { tracking } from "./routes/tracking.ts";

export { Directory } from "./catalog/directory.ts";
export { Shard } from "./catalog/shard.ts";

const NOT_FOUND = 404;
const METHOD_NOT_ALLOWED = 405;
const RETRY_SECONDS = 2;

const app = new Hono<AppEnv>();

/** Metadata names pictures and videos anywhere, which the WebAR page shows. */
const metadataMedia = ({ req }: AppContext) => (req.path.startsWith("/webar/") ? "https:" : "");

app.use(requestId());
for (const path of LOGGED_PATHS) app.use(path, logged);
for (const path of OPEN_PATHS) app.use(path, crossOrigin);
for (const path of PICTURE_PATHS) app.use(path, admitted);
app.use(rated);
app.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      imgSrc: ["'self'", "blob:", "data:", metadataMedia],
      mediaSrc: ["'self'", "blob:", metadataMedia],
    },
  }),
);
for (const routes of [images, bulk, channels, find, tracking, statistics, tokens, admin, health, openapi])
  app.route("/", routes);

const documented = Map.groupBy(
  app.routes.filter(({ method }) => method !== "ALL"),
  ({ path }) => path,
);

app.notFound(async (context) => {
  const methods = documented.get(context.req.path)?.map(({ method }) => method);
  if (methods && !methods.includes(context.req.method)) {
    context.header("Allow", methods.join(", "));
    return refuse(
      context,
      { returncode: METHOD_NOT_ALLOWED, message: `use ${methods.join(" or ")} ${context.req.path}` },
      METHOD_NOT_ALLOWED,
    );
  }
  if (context.req.method === "GET" || context.req.method === "HEAD") {
    const file = await context.env.ASSETS.fetch(context.req.raw);
    if (file.status !== NOT_FOUND) return new Response(file.body, file);
  }
  return refuse(
    context,
    { returncode: NOT_FOUND, message: `there is no ${context.req.path}; the README lists the endpoints` },
    NOT_FOUND,
  );
});

app.onError((error, context) => {
  console.error(context.get("requestId"), error);
  // The platform marks what a later try may cure: an overloaded or restarted object, storage out of reach.
  const passing = "retryable" in error || "overloaded" in error;
  if (passing) return refuse(context, reasons.busy("storage is briefly unavailable", RETRY_SECONDS));
  return refuse(context, { returncode: 500, message: "internal error: tell the operator the requestid" }, 500);
});

export default app;
