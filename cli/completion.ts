/** Completion scripts, made of the same tables as the help: what the program learns, its completion knows. */

import type { Command } from "./command.ts";
import { GLOBAL_OPTIONS, isFlag, type OptionName, optionHelp } from "./options.ts";

export type Commands = Readonly<Record<string, Command>>;
export type Shell = keyof typeof completionScripts;

export const completionScripts = { bash, zsh, fish };

function optionsOf({ options }: Command): OptionName[] {
  return [...options, ...GLOBAL_OPTIONS];
}

/** For values of options, and for operands, the shell completes file names. */
function bash(commands: Commands): string {
  const cases = Object.entries(commands).map(
    ([name, command]) =>
      `    ${name}) words="${optionsOf(command)
        .map((option) => `--${option}`)
        .join(" ")}" ;;`,
  );
  return `_lookmark() {
  local words="" current="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${Object.keys(commands).join(" ")} --help --version" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}
complete -o filenames -F _lookmark lookmark`;
}

function zsh(commands: Commands): string {
  const described = Object.entries(commands).map(([name, { summary }]) => `    ${quoted(`${name}:${summary}`)}`);
  const cases = Object.entries(commands).map(([name, command]) => {
    const specs = optionsOf(command).map((option) => {
      const value = isFlag(option) ? "" : `:${option}:_files`;
      return quoted(`--${option}[${bracketed(optionHelp(option)[1])}]${value}`);
    });
    return `    ${name}) _arguments ${specs.join(" ")} '*:file:_files' ;;`;
  });
  return `_lookmark() {
  local -a commands=(
${described.join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}
compdef _lookmark lookmark`;
}

function fish(commands: Commands): string {
  const names = Object.entries(commands).map(
    ([name, { summary }]) => `complete -c lookmark -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
  );
  const options = Object.entries(commands).flatMap(([name, command]) =>
    optionsOf(command).map((option) => {
      const value = isFlag(option) ? "" : " -r";
      const help = quoted(optionHelp(option)[1]);
      return `complete -c lookmark -n "__fish_seen_subcommand_from ${name}" -l ${option}${value} -d ${help}`;
    }),
  );
  return [...names, ...options].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Brackets end a description in zsh's specs. */
function bracketed(text: string): string {
  return text.replaceAll("[", "(").replaceAll("]", ")");
}
