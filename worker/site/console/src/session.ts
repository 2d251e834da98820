/** Who is signed in: a user with the secret key, an operator with the ADMIN_TOKEN, or both. */

import { computed, signal } from "@preact/signals";
import { AdminClient, type Answered, LookmarkClient } from "../../../../shared/client.ts";
import type { ChannelInfo, GetChannelsAnswer, UsersAnswer } from "../../../../shared/protocol.ts";

export interface Account {
  readonly username: string;
  readonly secretkey: string;
}

const ACCOUNT_KEY = "lookmark.console.account";
const OPERATOR_KEY = "lookmark.console.operator";

/** A tab forgets it when it is closed; only "remember" puts it where the next tab finds it. */
export const account = signal<Account | undefined>(
  stored(sessionStorage, ACCOUNT_KEY) ?? stored(localStorage, ACCOUNT_KEY),
);
export const operatorToken = signal<string | undefined>(stored(sessionStorage, OPERATOR_KEY));

/** A phone's connection may end without a word; the largest picture that is sent has 1.5 MB. */
const PATIENCE = { timeoutMs: 90_000 };

const client = computed(() => account.value && new LookmarkClient("", account.value, PATIENCE));
const admin = computed(() => (operatorToken.value ? new AdminClient("", operatorToken.value, PATIENCE) : undefined));

/** For pages that are open only to who is signed in. */
export function api(): LookmarkClient {
  if (!client.value) throw new Error("nobody is signed in");
  return client.value;
}

export function adminApi(): AdminClient {
  if (!admin.value) throw new Error("no operator is signed in");
  return admin.value;
}

/** The user's channels, as they were last asked for. */
export const channels = signal<readonly ChannelInfo[] | undefined>(undefined);

export async function loadChannels(): Promise<Answered<GetChannelsAnswer>> {
  const answer = await api().getChannels();
  if (answer.channels) channels.value = answer.channels;
  return answer;
}

/** Signs in where the answer is a success. */
export async function signIn(candidate: Account, remember: boolean): Promise<Answered<GetChannelsAnswer>> {
  const answer = await new LookmarkClient("", candidate).getChannels();
  if (answer.returncode !== 0) return answer;
  store(sessionStorage, ACCOUNT_KEY, candidate);
  if (remember) store(localStorage, ACCOUNT_KEY, candidate);
  channels.value = answer.channels;
  account.value = candidate;
  return answer;
}

export async function signInOperator(token: string): Promise<Answered<UsersAnswer>> {
  const answer = await new AdminClient("", token).users({ limit: 1 });
  if (answer.returncode !== 0) return answer;
  store(sessionStorage, OPERATOR_KEY, token);
  operatorToken.value = token;
  return answer;
}

export function signOut(): void {
  for (const storage of [sessionStorage, localStorage]) storage.removeItem(ACCOUNT_KEY);
  sessionStorage.removeItem(OPERATOR_KEY);
  account.value = undefined;
  operatorToken.value = undefined;
  channels.value = undefined;
}

function stored<T>(storage: Storage, key: string): T | undefined {
  const text = storage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as T);
}

function store(storage: Storage, key: string, value: unknown): void {
  storage.setItem(key, JSON.stringify(value));
}
