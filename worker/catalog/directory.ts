/** The truth about users and channels: one Durable Object for the whole deployment. */

import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { type HashedSecret, hashSecret } from "./secrets.ts";

export interface User {
  readonly username: string;
  readonly secret: HashedSecret;
}

export interface Channel {
  /** Names the channel's storage; stays when the channel is renamed. */
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly quota: number;
  /** GetImage answers without credentials. */
  readonly publicRead: boolean;
}

type ChannelRow = { id: string; name: string; owner: string; quota: number; publicRead: number };
const CHANNEL_COLUMNS = "id, name, owner, quota, public_read AS publicRead";

export class Directory extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS users (username TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS channels (
        name TEXT PRIMARY KEY, id TEXT NOT NULL, owner TEXT NOT NULL, quota INTEGER NOT NULL, public_read INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS channels_by_owner ON channels (owner);
      CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    `);
  }

  user(username: string): User | undefined {
    return this.#sql
      .exec<{ username: string; secret: string }>("SELECT * FROM users WHERE username = ?", username)
      .toArray()[0];
  }

  /** Creates the user or replaces the secret. */
  async putUser(username: string, secret: string): Promise<void> {
    const hashed = await hashSecret(secret);
    this.#sql.exec("INSERT OR REPLACE INTO users (username, secret) VALUES (?, ?)", username, hashed);
  }

  channel(name: string): Channel | undefined {
    return this.#channels("WHERE name = ?", name)[0];
  }

  channelsOf(owner: string): Channel[] {
    return this.#channels("WHERE owner = ? ORDER BY name", owner);
  }

  /**
   * Creates the channel, or changes its quota and public reading. A channel keeps its owner: undefined where the name
   * belongs to another user, or where the owner does not exist.
   */
  putChannel(name: string, owner: string, quota: number, publicRead: boolean): Channel | undefined {
    const existing = this.channel(name);
    if (!this.user(owner) || (existing && existing.owner !== owner)) return undefined;
    const id = existing?.id ?? crypto.randomUUID();
    this.#sql.exec(
      "INSERT OR REPLACE INTO channels (name, id, owner, quota, public_read) VALUES (?, ?, ?, ?, ?)",
      name,
      id,
      owner,
      quota,
      publicRead ? 1 : 0,
    );
    return this.channel(name);
  }

  /** The key that signs query tokens, drawn once. */
  tokenKey(): string {
    this.#sql.exec("INSERT OR IGNORE INTO keys (name, value) VALUES ('token', ?)", randomKey());
    return this.#sql.exec<{ value: string }>("SELECT value FROM keys WHERE name = 'token'").one().value;
  }

  #channels(where: string, parameter: string): Channel[] {
    return this.#sql
      .exec<ChannelRow>(`SELECT ${CHANNEL_COLUMNS} FROM channels ${where}`, parameter)
      .toArray()
      .map((row) => ({ ...row, publicRead: row.publicRead === 1 }));
  }
}

function randomKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}
