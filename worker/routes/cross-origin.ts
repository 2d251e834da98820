/** Cross-origin calls by browsers: what a foreign web page may ask of this deployment, by its list of allowed origins. */

import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { readAllowedOrigins } from "../env.ts";
import type { AppEnv } from "./answer.ts";

/** What a page needs to recognize and show. Managing calls take a secret key, which belongs on no page. */
export const OPEN_PATHS = ["/FindImage", "/GetImage", "/tracking/*", "/health", "/openapi.json", "/webar/*"];

/** Browsers cap it at two hours (Chromium) or a day (Firefox). */
const PREFLIGHT_SECONDS = 7200;

/** Must stand before the security headers, of which it loosens one where a list is set. */
export const crossOrigin = createMiddleware<AppEnv>(async (context, next) => {
  const allowedOrigins = readAllowedOrigins(context.env);
  if (allowedOrigins.length === 0) return next();
  const answerCors = cors({
    origin: allowedOrigins.includes("*") ? "*" : (origin) => (isAllowed(origin, allowedOrigins) ? origin : null),
    allowMethods: ["GET", "POST"],
    allowHeaders: ["Authorization", "Content-Type"],
    exposeHeaders: ["Retry-After", "X-Request-Id"],
    maxAge: PREFLIGHT_SECONDS,
  });
  const preflight = await answerCors(context, next);
  // Elements such as <img> ask without CORS; this header alone keeps them out.
  if (context.req.method !== "OPTIONS") context.header("Cross-Origin-Resource-Policy", "cross-origin");
  return preflight;
});

/** An entry that ends in `:*` stands for every port of its host. */
function isAllowed(origin: string, allowed: readonly string[]): boolean {
  const anyPort = origin.replace(/(:\d+)?$/, ":*");
  return origin !== "" && (allowed.includes(origin) || allowed.includes(anyPort));
}
