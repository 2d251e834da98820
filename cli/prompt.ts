/** Asks the user on the terminal; a secret is not shown while it is typed. */

import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Empty where the input ends first. Questions go to stderr: what is asked is no part of the output. */
export async function askUser(question: string, { secret = false } = {}): Promise<string> {
  const { stdin, stderr } = process;
  let muted = false;
  const output = new Writable({
    write(chunk, encoding, done) {
      if (!muted) stderr.write(chunk, encoding as BufferEncoding);
      done();
    },
  });
  const terminal = stdin.isTTY === true;
  const prompt = createInterface({ input: stdin, output, terminal });
  const ended = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
  const answer = prompt.question(terminal ? question : "");
  muted = secret;
  const text = await Promise.race([answer, ended]);
  prompt.close();
  if (secret && terminal) stderr.write("\n");
  return text.trim();
}
