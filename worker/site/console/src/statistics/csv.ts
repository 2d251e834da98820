/** Saves the statistics as a table file, as the API writes it. */

import { NoAnswerError, type StatisticsRange } from "../../../../../shared/client.ts";
import type { Trouble } from "../ask.ts";
import { api } from "../session.ts";

/** Undefined where it went well. */
export async function saveCsv(range: StatisticsRange, fileName: string): Promise<Trouble | undefined> {
  const csv = await api()
    .statisticsCsv(range)
    .catch((error: unknown) => {
      if (error instanceof NoAnswerError) return { message: error.message };
      throw error;
    });
  if (typeof csv !== "string") return csv;
  const address = URL.createObjectURL(new Blob([csv], { type: "text/csv" }));
  Object.assign(document.createElement("a"), { href: address, download: fileName }).click();
  URL.revokeObjectURL(address);
  return undefined;
}
