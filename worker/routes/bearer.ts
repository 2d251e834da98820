/** Credentials in a header, where they are known before a body is read. */

import type { AppContext } from "./answer.ts";

/** What stands behind Bearer in the header Authorization: a query token, or the operator's secret. */
export function bearerOf(context: AppContext): string | undefined {
  return /^Bearer (.+)$/i.exec(context.req.header("Authorization") ?? "")?.[1];
}
