/** GET /openapi.json: the API for programs that make clients and documents of it. */

import { Hono } from "hono";
import { version } from "../../package.json";
import { openApiDocument } from "../../shared/openapi.ts";
import type { AppEnv } from "./answer.ts";

export const openapi = new Hono<AppEnv>();

openapi.get("/openapi.json", (context) => context.json(openApiDocument(version, new URL(context.req.url).origin)));
