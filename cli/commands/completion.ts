/** `lookmark completion`: a script with which a shell completes commands and options. */

import { type Call, type Command, EXIT, type Report, UsageError } from "../command.ts";
import { completionScripts, type Shell } from "../completion.ts";

export const completion: Command = {
  usage: "bash|zsh|fish",
  summary: "a script for your shell's completion",
  details: `bash: echo 'source <(lookmark completion bash)' >> ~/.bashrc
zsh:  echo 'source <(lookmark completion zsh)' >> ~/.zshrc     after the line with compinit
fish: lookmark completion fish > ~/.config/fish/completions/lookmark.fish`,
  options: [],
  operands: { least: 1, most: 1 },
  run,
};

async function run({ operands: [shell = ""], commands }: Call): Promise<Report> {
  if (!Object.hasOwn(completionScripts, shell)) throw new UsageError(`"${shell}" is none of bash, zsh and fish`);
  const script = completionScripts[shell as Shell](commands);
  return { text: script, document: { shell, script }, exitCode: EXIT.success };
}
