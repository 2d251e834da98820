/** The login that `lookmark login` keeps: in the user's own configuration folder, readable by nobody else. */

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "./command.ts";
import type { Environment } from "./connection.ts";

export interface Login {
  readonly host: string;
  readonly username: string;
  readonly secretkey: string;
  readonly channel?: string | undefined;
}

const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;

/** XDG's folder; on Windows, the one for programs. */
export function loginFile({ XDG_CONFIG_HOME, APPDATA }: Environment): string {
  const windows = process.platform === "win32" ? APPDATA : undefined;
  return join(XDG_CONFIG_HOME || windows || join(homedir(), ".config"), "lookmark", "login.json");
}

/** Undefined where nobody has logged in. */
export function readLogin(environment: Environment): Login | undefined {
  const file = loginFile(environment);
  const text = readText(file);
  if (text === undefined) return undefined;
  const login = parse(text);
  if (login?.host && login.username && login.secretkey) return login as Login;
  throw new UsageError(`${file} is damaged: log in again, or remove it`);
}

/** Replaces what was kept; returns the file. */
export function writeLogin(login: Login, environment: Environment): string {
  const file = loginFile(environment);
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_FOLDER });
  writeFileSync(file, `${JSON.stringify(login, null, 2)}\n`, { mode: OWNER_ONLY });
  chmodSync(file, OWNER_ONLY); // one that was there keeps its mode
  return file;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

function parse(text: string): Partial<Login> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
