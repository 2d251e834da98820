/** The REST API's answers and limits, as phone, page, command line and edge agree on them. Names and codes are frozen. */

import type { Point } from "./homography.ts";

export const IDENTIFIER_PATTERN = /^[A-Za-z0-9@_.]{3,50}$/;
/** How an identifier may begin. */
export const IDENTIFIER_PREFIX_PATTERN = /^[A-Za-z0-9@_.]{0,50}$/;
/** UTF-8 bytes of `metadata`. */
export const METADATA_BYTES_MAX = 64 * 1024;
export const PAGE_SIZE_DEFAULT = 100;
export const PAGE_SIZE_MAX = 1000;
export const TOKEN_SECONDS_MAX = 86_400;
/** Identifiers that one FindImage may be restricted to. */
export const IDENTIFIERS_MOST = 1000;
/** FindImage: pictures answered for one frame. */
export const FOUND_MOST = 10;
/** A phone's frame is sent with this long side: larger ones are shrunk to it before anything is looked at. */
export const FRAME_SIDE_PX = 640;

/** In every answer. `returncode` 0 is success; other codes come with a `message` that says what to do. */
export interface Answer {
  readonly returncode: number;
  readonly message: string;
  readonly requestid: string;
  /** The field that is missing or malformed (30001, 20010). */
  readonly field?: string;
}

export interface AddImageAnswer extends Answer {
  /** 1–5: the higher, the more easily the picture is recognized. */
  readonly level?: number;
  /** With 30002: what the channel would take the picture for. */
  readonly similar?: readonly SimilarImage[];
}

/** What a picture reaches of 100. */
export interface GradeScores {
  /** Points that tell it from other pictures, of as many as are kept. */
  readonly features: number;
  /** How much of the picture they cover. */
  readonly distribution: number;
  /** Points that have no double elsewhere in the picture. */
  readonly distinctiveness: number;
  readonly contrast: number;
  /** Simulated camera views in which it is recognized again. */
  readonly detection: number;
}

export interface Grade {
  /** As AddImage would answer it. */
  readonly level: number;
  readonly scores: GradeScores;
  /** One sentence. */
  readonly advice: string;
  /** Where those points lie: x, y in 0–1 of the upright picture, the most distinct first. */
  readonly points: readonly (readonly number[])[]; // no tuples: the types of Durable Object stubs lose them
}

export interface SimilarImage {
  readonly identifier: string;
  /** With which the channel's image is found in the picture, 0–100. */
  readonly score: number;
  /** 1 where FindImage would answer it. */
  readonly matches: 0 | 1;
}

/** Level 0 comes with 20013. */
export interface GradeImageAnswer extends Answer, Partial<Grade> {
  /** Images of the channel, the most similar first; at most 5. */
  readonly similar?: readonly SimilarImage[];
}

export interface RemoveImageAnswer extends Answer {
  /** 0 where there was nothing to remove. */
  readonly removed?: 0 | 1;
}

export interface ImageInfo {
  readonly identifier: string;
  readonly metadata: string;
  /** The image's own threshold on `score`; null for the default. */
  readonly matchratio: number | null;
  readonly level: number;
  /** Address of the image as a gray JPEG file: long side at most 1080 px. */
  readonly trackingimage: string;
}

export interface GetImagesAnswer extends Answer {
  readonly totalcount?: number;
  /** Ordered by identifier, bytewise. */
  readonly images?: readonly ImageInfo[];
  /** Where the next page starts; absent on the last one. */
  readonly nextposition?: number;
  /** The same, opaque and cheap at any depth. */
  readonly cursor?: string;
}

export interface GetImageAnswer extends Answer {
  readonly metadata?: string;
  readonly matchratio?: number | null;
  readonly level?: number;
  /** Only for those who come with credentials. */
  readonly trackingimage?: string;
}

export interface ChannelInfo {
  readonly channel: string;
  /** How many images it may hold. */
  readonly quota: number;
  /** 1 where GetImage answers without credentials. */
  readonly publicread: 0 | 1;
  readonly imagecount: number;
}

export interface GetChannelsAnswer extends Answer {
  /** In the order of names. */
  readonly channels?: readonly ChannelInfo[];
}

/** Milliseconds that so many of 100 answers did not exceed, to 10 %. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What became of one picture of an import. */
export interface ImportedImage {
  readonly identifier: string;
  /** As AddImage would have answered. */
  readonly returncode: number;
  /** Where it was refused. */
  readonly message?: string;
  /** 1 where the very same was there already. */
  readonly repeated: 0 | 1;
}

export interface ImportImagesAnswer extends Answer {
  /** In the order in which they were sent. */
  readonly images?: readonly ImportedImage[];
}

/** Of each picture that is imported, in the order of the segment's targets and of the pictures' bytes. */
export interface ImportEntry {
  readonly identifier: string;
  readonly metadata: string;
  readonly matchratio: number | null;
  readonly level: number;
  /** How many bytes its file has. */
  readonly bytes: number;
}

/** Of one call to ImportImages. */
export const IMPORT_MOST = 100;
export const IMPORT_BYTES_MOST = 10 * 2 ** 20;

/** Of one call to ReindexImages. */
export const REINDEX_MOST = 20;

export interface ReindexImagesAnswer extends Answer {
  /** Images in the channel. */
  readonly totalcount?: number;
  readonly reindexed?: number;
  /** They keep the features that they had. */
  readonly refused?: readonly { readonly identifier: string; readonly message: string }[];
  /** Where the next page starts; absent on the last one. */
  readonly cursor?: string;
}

export interface StatisticsRecord {
  /** yyyyMMdd in the deployment's time zone. */
  readonly date: string;
  readonly channel?: string;
  readonly identifier?: string;
  /** Successful matches. */
  readonly count: number;
  /** Per channel: all questions, those without a match, and those whose frame could not be used. */
  readonly queries?: number;
  readonly nomatch?: number;
  readonly badframe?: number;
  /** Of the questions that were searched for; absent where there were none. */
  readonly latency?: Latency;
}

export interface StatisticsAnswer extends Answer {
  readonly username?: string;
  readonly channel?: string;
  readonly timezone?: string;
  readonly records?: readonly StatisticsRecord[];
}

/** Milliseconds by stage. */
export interface Took {
  readonly decode: number;
  readonly extract: number;
  readonly search: number;
  readonly verify: number;
  readonly total: number;
}

/** One picture in a frame. */
export interface FoundImage {
  readonly identifier: string;
  readonly channel: string;
  readonly level: number;
  readonly metadata: string;
  /** 0–100. */
  readonly score: number;
  /** The target's corners in 0–1 of the upright frame, clockwise from the target's top left. */
  readonly corners: readonly Point[];
  /** The target's width and height, px. */
  readonly size: readonly [width: number, height: number];
  /** Address of the target as a gray JPEG file for trackers on the device: long side at most 1080 px. */
  readonly trackingimage: string;
}

/** The best picture's fields, absent when nothing matched. */
export interface FindImageAnswer extends Answer, Partial<FoundImage> {
  /** Where more than one was asked for: all that were found, best first. */
  readonly images?: readonly FoundImage[];
  readonly took?: Took;
}

export interface IssueTokenAnswer extends Answer {
  readonly token?: string;
  /** When the token ends, seconds since 1970. */
  readonly expires?: number;
}

export interface HealthAnswer extends Answer {
  readonly status?: "ok";
  readonly version?: string;
  /** Only where the local start made a demo account. */
  readonly demo?: { readonly username: string; readonly secretkey: string; readonly channel: string };
}

/** A user, as the operator sees it. */
export interface UserSettings {
  readonly username: string;
  /** How many secret keys are live. */
  readonly secrets: number;
  readonly disabled: 0 | 1;
}

export interface UserAnswer extends Answer, Partial<UserSettings> {
  /** The new one, where there is one; it is never shown again. */
  readonly secretkey?: string;
}

export interface SecretAnswer extends Answer {
  readonly username?: string;
  readonly secretkey?: string;
  readonly secrets?: number;
}

export interface UsersAnswer extends Answer {
  /** In the order of names. */
  readonly users?: readonly UserSettings[];
  readonly cursor?: string;
}

/** A channel, as the operator sees it. */
export interface ChannelSettings {
  readonly channel: string;
  /** Its owner. */
  readonly username: string;
  readonly quota: number;
  readonly publicread: 0 | 1;
  /** WeChat app ids of the mini-programs whose plugin requests are accepted. */
  readonly hostapps: readonly string[];
  readonly disabled: 0 | 1;
  /** Over so many Durable Objects its images are spread. */
  readonly shards: number;
}

export interface ChannelAnswer extends Answer, Partial<ChannelSettings> {}

export interface ChannelsAnswer extends Answer {
  /** In the order of names. */
  readonly channels?: readonly ChannelSettings[];
  readonly cursor?: string;
}
