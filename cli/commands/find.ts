/** `lookmark find`: which picture does a photo show, and where in it? */

import { readFile } from "node:fs/promises";
import { type FindImageAnswer, FOUND_MOST, type FoundImage, type Took } from "../../shared/protocol.ts";
import { accept, type Call, type Command, EXIT, type Report, UsageError } from "../command.ts";
import { createClient } from "../connection.ts";
import { readWhole } from "../options.ts";
import { printable, tableText } from "../table.ts";

export const find: Command = {
  usage: "FILE [--channel C] [--max N] [--identifiers A,B]",
  summary: "which picture does FILE show, and where in it?",
  details: `FILE is a photo, .jpg or .png. Without a channel, all channels of the user are searched. The corners of the picture
found are x,y in parts of the photo's width and height, clockwise from the picture's own top left. With --max, all pictures
that the photo shows, best first.`,
  options: ["channel", "max", "identifiers"],
  operands: { least: 1, most: 1 },
  run,
};

async function run({ operands: [file = ""], values, connection }: Call): Promise<Report> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read (${error.code})`);
  });
  const max = values.max === undefined ? undefined : readWhole("max", values.max, 1, FOUND_MOST);
  const identifiers = values.identifiers?.split(",").filter(Boolean);
  const { channel } = connection;
  const image = new Blob([bytes]);
  const answer = accept(await createClient(connection).findImage({ image, channel, max, identifiers }));
  const found = answer.identifier !== undefined;
  return {
    text: found ? describe(answer) : `Nothing found${answer.took ? ` in ${describeTimes(answer.took)}` : ""}.`,
    document: answer,
    exitCode: found ? EXIT.success : EXIT.nothingFound,
  };
}

function describe({ images, took, ...best }: FindImageAnswer): string {
  const times = took ? [["took", describeTimes(took)]] : [];
  if (!images) return tableText([...rowsOf(best), ...times]);
  return [...images.map(rowsOf), times].map((rows) => tableText(rows)).join("\n\n");
}

function rowsOf({ identifier, channel, score, level, corners, metadata }: Partial<FoundImage>): string[][] {
  const rows = [
    ["identifier", identifier],
    ["channel", channel],
    ["score", score?.toFixed(1)],
    ["level", level?.toString()],
    ["corners", corners?.map((corner) => corner.map(shareText).join(",")).join("  ")],
    ["metadata", metadata && printable(metadata)],
  ];
  return rows.flatMap(([name = "", value]) => (value ? [[name, value]] : []));
}

/** Three decimals are less than a pixel of a frame; adding 0 makes -0 a plain 0. */
function shareText(share: number): string {
  return (Math.round(share * 1000) / 1000 + 0).toFixed(3);
}

function describeTimes({ total, ...stages }: Took): string {
  const parts = Object.entries(stages).map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`);
  return `${total.toFixed(1)} ms (${parts.join(", ")})`;
}
