/** The truth about users and channels: one Durable Object for the whole deployment. */

import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { applyChanges } from "./schema.ts";
import { type HashedSecret, hashSecret } from "./secrets.ts";
import { parentOf, SHARDS_MOST } from "./shard-map.ts";
import { shardAt } from "./shards.ts";

export interface User {
  readonly username: string;
  readonly secret: HashedSecret;
  /** The secret before it, while both are accepted. */
  readonly previous: HashedSecret | null;
  readonly disabled: boolean;
}

export interface Channel {
  /** Names the channel's storage; stays when the channel is renamed. */
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly quota: number;
  /** GetImage answers without credentials. */
  readonly publicRead: boolean;
  /** WeChat app ids of the mini-programs whose plugin requests are accepted. */
  readonly hostApps: readonly string[];
  /** Closed by the operator, by itself or with its owner. */
  readonly disabled: boolean;
  /** So many shards have its images. */
  readonly shards: number;
  /** One more is taking over from one of them. */
  readonly splitting: boolean;
}

/** What may be changed of a channel; undefined leaves a setting as it is. */
export interface ChannelSettings {
  readonly quota: number | undefined;
  readonly publicRead: boolean | undefined;
  readonly hostApps: readonly string[] | undefined;
  readonly disabled: boolean | undefined;
}

type UserRow = { username: string; secret: string; previous: string | null; disabled: number };
type ChannelRow = {
  id: string;
  name: string;
  owner: string;
  quota: number;
  publicRead: number;
  hostApps: string;
  disabled: number;
  shards: number;
  splitting: number;
};

const CHANNELS = `
  SELECT id, name, owner, quota, public_read AS publicRead, host_apps AS hostApps,
    channels.disabled OR users.disabled AS disabled, shards, splitting
  FROM channels JOIN users ON username = owner`;

const CHANGES = [
  `CREATE TABLE IF NOT EXISTS users (username TEXT PRIMARY KEY, secret TEXT NOT NULL) WITHOUT ROWID;
   CREATE TABLE IF NOT EXISTS channels (
     name TEXT PRIMARY KEY, id TEXT NOT NULL, owner TEXT NOT NULL, quota INTEGER NOT NULL, public_read INTEGER NOT NULL
   ) WITHOUT ROWID;
   CREATE INDEX IF NOT EXISTS channels_by_owner ON channels (owner);
   CREATE TABLE IF NOT EXISTS keys (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`,
  `ALTER TABLE users ADD COLUMN previous TEXT;
   ALTER TABLE users ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE channels ADD COLUMN host_apps TEXT NOT NULL DEFAULT '[]';
   ALTER TABLE channels ADD COLUMN disabled INTEGER NOT NULL DEFAULT 0;`,
  `ALTER TABLE channels ADD COLUMN shards INTEGER NOT NULL DEFAULT 1;
   ALTER TABLE channels ADD COLUMN splitting INTEGER NOT NULL DEFAULT 0;`,
];

export class Directory extends DurableObject<Env> {
  readonly #sql: SqlStorage;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#sql = state.storage.sql;
    applyChanges(state.storage, CHANGES);
  }

  user(username: string): User | undefined {
    return this.#users("WHERE username = ?", username)[0];
  }

  /** In the order of names, those behind `after`. */
  users(after: string, limit: number): User[] {
    return this.#users("WHERE username > ? ORDER BY username LIMIT ?", after, limit);
  }

  /** Creates the user or replaces all secrets. */
  async putUser(username: string, secret: string): Promise<void> {
    const hashed = await hashSecret(secret);
    this.#sql.exec(
      "INSERT INTO users (username, secret) VALUES (?, ?) ON CONFLICT DO UPDATE SET secret = excluded.secret, previous = NULL",
      username,
      hashed,
    );
  }

  /** A new secret beside the present one; the one before that ends. False where there is no such user. */
  async rotateSecret(username: string, secret: string): Promise<boolean> {
    const hashed = await hashSecret(secret);
    return this.#change("UPDATE users SET previous = secret, secret = ? WHERE username = ?", hashed, username);
  }

  /** Ends all secrets but the newest. False where there is no such user. */
  retireSecret(username: string): boolean {
    return this.#change("UPDATE users SET previous = NULL WHERE username = ?", username);
  }

  disableUser(username: string, disabled: boolean): boolean {
    return this.#change("UPDATE users SET disabled = ? WHERE username = ?", disabled ? 1 : 0, username);
  }

  channel(name: string): Channel | undefined {
    return this.#channels("WHERE name = ?", name)[0];
  }

  channelsOf(owner: string): Channel[] {
    return this.#channels("WHERE owner = ? ORDER BY name", owner);
  }

  /** In the order of names, those behind `after`: of all users, or of one. */
  channels(after: string, limit: number, owner?: string): Channel[] {
    const where = "WHERE name > ? AND (?2 IS NULL OR owner = ?2) ORDER BY name LIMIT ?3";
    return this.#channels(where, after, owner ?? null, limit);
  }

  /**
   * Creates the channel with so many shards, or changes its settings. A channel keeps its owner: undefined where the name
   * belongs to another user, or where the owner does not exist.
   */
  putChannel(
    name: string,
    owner: string,
    settings: ChannelSettings,
    quotaDefault: number,
    shards: number,
  ): Channel | undefined {
    const existing = this.channel(name);
    if (!this.user(owner) || (existing && existing.owner !== owner)) return undefined;
    this.#sql.exec(
      "INSERT OR IGNORE INTO channels (name, id, owner, quota, public_read, shards) VALUES (?, ?, ?, ?, 0, ?)",
      name,
      crypto.randomUUID(),
      owner,
      quotaDefault,
      shards,
    );
    const { quota, publicRead, hostApps, disabled } = settings;
    this.#sql.exec(
      `UPDATE channels SET quota = ifnull(?, quota), public_read = ifnull(?, public_read),
         host_apps = ifnull(?, host_apps), disabled = ifnull(?, disabled) WHERE name = ?`,
      quota ?? null,
      publicRead === undefined ? null : Number(publicRead),
      hostApps ? JSON.stringify(hostApps) : null,
      disabled === undefined ? null : Number(disabled),
      name,
    );
    return this.channel(name);
  }

  /** Begins to add a shard to the channel, unless that is under way already; then it is said again, which does no harm. */
  async grow(channelId: string): Promise<void> {
    const channel = this.#channels("WHERE id = ?", channelId)[0];
    if (!channel || channel.shards >= SHARDS_MOST) return;
    this.#sql.exec("UPDATE channels SET splitting = 1 WHERE id = ?", channelId);
    await shardAt(this.env, channelId, parentOf(channel.shards)).split(channelId, channel.shards);
  }

  /** Shard `number` has all that belongs to it. */
  finishSplit(channelId: string, number: number): void {
    this.#sql.exec(
      "UPDATE channels SET shards = ?, splitting = 0 WHERE id = ? AND shards = ?",
      number + 1,
      channelId,
      number,
    );
  }

  /** The key that signs query tokens, drawn once. */
  tokenKey(): string {
    this.#sql.exec("INSERT OR IGNORE INTO keys (name, value) VALUES ('token', ?)", randomKey());
    return this.#sql.exec<{ value: string }>("SELECT value FROM keys WHERE name = 'token'").one().value;
  }

  #users(where: string, ...parameters: SqlStorageValue[]): User[] {
    return this.#sql
      .exec<UserRow>(`SELECT username, secret, previous, disabled FROM users ${where}`, ...parameters)
      .toArray()
      .map((row) => ({ ...row, disabled: row.disabled === 1 }));
  }

  #channels(where: string, ...parameters: SqlStorageValue[]): Channel[] {
    return this.#sql
      .exec<ChannelRow>(`${CHANNELS} ${where}`, ...parameters)
      .toArray()
      .map((row) => ({
        ...row,
        publicRead: row.publicRead === 1,
        hostApps: JSON.parse(row.hostApps) as string[],
        disabled: row.disabled === 1,
        splitting: row.splitting === 1,
      }));
  }

  /** Whether the statement met a row. */
  #change(statement: string, ...parameters: SqlStorageValue[]): boolean {
    return this.#sql.exec(`${statement} RETURNING 1`, ...parameters).toArray().length > 0;
  }
}

function randomKey(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
}
