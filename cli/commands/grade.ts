/** `lookmark grade`: how good pictures are as targets, before they are added. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { GradeImageAnswer } from "../../shared/protocol.ts";
import { reasons } from "../../shared/reason.ts";
import { accept, type Call, type Command, EXIT, type Report, UsageError } from "../command.ts";
import { createClient, requireChannel } from "../connection.ts";
import { expandFiles } from "../files.ts";
import { tableText } from "../table.ts";

const SCORES = ["features", "distribution", "distinctiveness", "contrast", "detection"] as const;
const NUMBERS = [1, 2, 3, 4, 5, 6];

/** What is said of one picture; the command goes on with the next one. */
const ON_PICTURE = [
  reasons.tooLarge("").returncode,
  reasons.notRecognized("").returncode,
  reasons.tooLittleDetail("").returncode,
];

interface Graded {
  readonly file: string;
  readonly answer: GradeImageAnswer;
}

export const grade: Command = {
  usage: "FILES… --channel C",
  summary: "how good targets pictures are, and what would help",
  details: `Nothing is stored. A level of 1 to 5 says how easily a picture is recognized; the other columns, of 100, say what that
comes from. "Like" names the pictures of the channel that this one would be taken for. Folders are searched as with add.`,
  options: ["channel"],
  operands: { least: 1, most: Number.POSITIVE_INFINITY },
  run,
};

async function run({ operands, connection }: Call): Promise<Report> {
  const channel = requireChannel(connection);
  const client = createClient(connection);
  const graded: Graded[] = [];
  for (const file of expandFiles(operands)) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      throw new UsageError(`${file} cannot be read (${error.code})`);
    });
    const answer = await client.gradeImage({ channel, image: new Blob([bytes]) });
    graded.push({ file, answer: ON_PICTURE.includes(answer.returncode) ? answer : accept(answer) });
  }
  const allGood = graded.every(({ answer }) => answer.returncode === 0);
  return { text: describe(graded), document: graded, exitCode: allGood ? EXIT.success : EXIT.failed };
}

function describe(graded: readonly Graded[]): string {
  const rows = graded.map(({ file, answer: { level, scores, similar = [] } }) => [
    basename(file),
    String(level ?? 0),
    ...SCORES.map((score) => String(scores?.[score] ?? "-")),
    similar.flatMap(({ identifier, matches }) => (matches ? [identifier] : [])).join(" "),
  ]);
  const table = tableText([["file", "level", ...SCORES, "like"], ...rows], NUMBERS);
  return `${table}\n${graded.map(({ file, answer }) => `${basename(file)}: ${answer.advice ?? answer.message}`).join("\n")}`;
}
