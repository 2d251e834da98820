/** Where a picture's files lie in R2, and the path at which its tracking image is served. */

/**
 * A picture's name is drawn anew for every upload. So no path can be guessed, and what is served at one never changes.
 */
export interface PictureKey {
  /** The channel's id, which is no name of it. */
  readonly channel: string;
  readonly picture: string;
}

export function newOriginal(channelId: string): string {
  return originalKey({ channel: channelId, picture: crypto.randomUUID() });
}

export function originalKey({ channel, picture }: PictureKey): string {
  return `originals/${channel}/${picture}`;
}

export function trackingKey({ channel, picture }: PictureKey): string {
  return `tracking/${channel}/${picture}`;
}

/** All objects of the picture whose original this is. */
export function objectsOf(original: string): string[] {
  return [original, trackingKey(pictureOf(original))];
}

export function trackingPath(original: string): string {
  return `/${trackingKey(pictureOf(original))}.jpg`;
}

function pictureOf(original: string): PictureKey {
  const [, channel = "", picture = ""] = original.split("/");
  return { channel, picture };
}
