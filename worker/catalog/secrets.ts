/** Secret keys at rest: PBKDF2 with SHA-256 and a salt each (the most iterations that Workers allow: 100,000). */

const ITERATIONS = 100_000;
const SALT_BYTES = 16;

/** salt.hash, base64 each. */
export type HashedSecret = string;

/** Stands in for the secret of a user who does not exist, so that asking takes as long as for one who does. */
export const NO_SECRET: HashedSecret = `${toBase64(new Uint8Array(SALT_BYTES))}.${toBase64(new Uint8Array(32))}`;

export async function hashSecret(secret: string): Promise<HashedSecret> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return `${toBase64(salt)}.${toBase64(await derive(secret, salt))}`;
}

export async function secretMatches(secret: string, hashed: HashedSecret): Promise<boolean> {
  const [salt, hash] = hashed.split(".").map(fromBase64) as [Uint8Array, Uint8Array];
  return crypto.subtle.timingSafeEqual(await derive(secret, salt), hash);
}

/** A new secret key: 160 random bits, letters and digits that survive any form field. */
export function randomSecret(): string {
  return Array.from(
    crypto.getRandomValues(new Uint8Array(32)),
    (byte) => "abcdefghijkmnpqrstuvwxyz23456789"[byte & 31],
  ).join("");
}

async function derive(secret: string, salt: Uint8Array): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveBits"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, 256));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
