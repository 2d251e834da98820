/** GET /tracking/…: the tracking images that FindImage names. Who has the address may look, as the phone has no more. */

import { Hono } from "hono";
import { trackingImage } from "../recognize/tracking.ts";
import { type AppEnv, refuse } from "./answer.ts";

/** A picture's address is never given to another one. */
const FOREVER = "public, max-age=31536000, immutable";

/** Whoever loads a picture looks at the status only. */
const NOT_NOW = 503;

export const tracking = new Hono<AppEnv>();

tracking.get("/tracking/:channel{[0-9a-f-]+}/:file{[0-9a-f-]+\\.jpg}", async (context) => {
  const { channel, file } = context.req.param();
  const image = await trackingImage(context.env, { channel, picture: file.replace(".jpg", "") });
  if (!image.ok) return refuse(context, image.reason, NOT_NOW);
  if (!image.value) return context.notFound();
  return context.body(image.value, 200, { "Content-Type": "image/jpeg", "Cache-Control": FOREVER });
});
