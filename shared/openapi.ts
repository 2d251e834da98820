/** The REST API as an OpenAPI 3.1 document, which GET /openapi.json serves and the tests hold every answer against. */

import {
  FOUND_MOST,
  IDENTIFIER_PATTERN,
  IDENTIFIER_PREFIX_PATTERN,
  IDENTIFIERS_MOST,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  REINDEX_MOST,
  TOKEN_SECONDS_MAX,
} from "./protocol.ts";
import { returncodes } from "./reason.ts";

export type Schema = Readonly<Record<string, unknown>>;
type Properties = Readonly<Record<string, Schema>>;

const text = (description: string): Schema => ({ type: "string", description });
const number = (description: string): Schema => ({ type: "number", description });
const whole = (description: string, minimum = 0, maximum?: number): Schema => ({
  type: "integer",
  minimum,
  ...(maximum === undefined ? {} : { maximum }),
  description,
});
const oneOrZero = (description: string): Schema => whole(description, 0, 1);
const percent = (description: string): Schema => ({ type: "number", minimum: 0, maximum: 100, description });
const list = (items: Schema, description: string): Schema => ({ type: "array", items, description });
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

/** An object with these properties and no others; all but the optional ones are required. */
function object(properties: Properties, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required, additionalProperties: false };
}

const always: Properties = {
  returncode: { enum: returncodes, description: "0 is success; the other codes are in the README" },
  message: text("what to do, where it is no success"),
  requestid: text("quote it in a report"),
};

/** With success come all of `onSuccess`; `others` may come with any code. */
function answerOf(onSuccess: Properties = {}, others: Properties = {}): Schema {
  return {
    type: "object",
    properties: {
      ...always,
      field: text("the field that is missing or malformed"),
      ...onSuccess,
      ...others,
    },
    required: Object.keys(always),
    additionalProperties: false,
    if: { properties: { returncode: { const: 0 } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: Object.keys(onSuccess) },
  };
}

const level = whole("1 to 5: the higher, the more easily the picture is recognized", 0, 5);
const metadata = text("as it was given: JSON text, or empty");
const matchratio: Schema = {
  type: ["number", "null"],
  minimum: 0,
  maximum: 100,
  description: "the image's own threshold on the score; null for the default",
};
const cursor = text("where the next page starts; absent on the last one");
const similar = list(ref("SimilarImage"), "the channel's images that are most similar, best first");
const count = whole("matches");

const channelSettings: Properties = {
  channel: text("its name"),
  username: text("its owner"),
  quota: whole("how many images it may hold", 1),
  publicread: oneOrZero("1 where GetImage answers without credentials"),
  hostapps: list({ type: "string" }, "WeChat app ids of the mini-programs whose plugin requests are accepted"),
  disabled: oneOrZero("1 where the operator closed it, or its owner"),
  shards: whole(
    "over how many Durable Objects its images are spread; to say for a new channel, later it grows by itself",
    1,
  ),
};
const userSettings: Properties = {
  username: text("its name"),
  secrets: whole("how many secret keys are live", 1, 2),
  disabled: oneOrZero("1 where the operator closed it"),
};

const position: Schema = { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 };
const points = list(position, "the picture's points: x, y in 0–1 of the upright picture, the most distinct first");
const trackingimage = text("address of the picture as a gray JPEG, also for trackers on the device");

/** One picture in a frame. */
const found: Properties = {
  identifier: text("absent where nothing matched, like all that belongs to it"),
  channel: text("in which it was found"),
  level,
  metadata,
  score: percent("how sure it is"),
  corners: list(position, "x, y in 0–1 of the upright frame, clockwise from the picture's own top left"),
  size: {
    type: "array",
    items: { type: "integer" },
    minItems: 2,
    maxItems: 2,
    description: "the picture's width and height, px",
  },
  trackingimage,
};

const schemas: Properties = {
  Answer: answerOf(),
  AddImageAnswer: answerOf({ level }, { similar }),
  GradeImageAnswer: answerOf({ level, scores: ref("GradeScores"), advice: text("one sentence"), points, similar }),
  GradeScores: object({
    features: percent("points that tell it from other pictures, of as many as are kept"),
    distribution: percent("how much of the picture they cover"),
    distinctiveness: percent("points that have no double elsewhere in the picture"),
    contrast: percent("from dark to light"),
    detection: percent("simulated camera views in which it is recognized again"),
  }),
  SimilarImage: object({
    identifier: text("of an image in the channel"),
    score: percent("with which that is found in the picture"),
    matches: oneOrZero("1 where FindImage would answer it"),
  }),
  RemoveImageAnswer: answerOf({ removed: oneOrZero("0 where there was nothing to remove") }),
  ImageInfo: object({ identifier: text("of the image"), metadata, matchratio, level, trackingimage }),
  GetImagesAnswer: answerOf(
    {
      totalcount: whole("images in the channel, with that prefix"),
      images: list(ref("ImageInfo"), "ordered by identifier, bytewise"),
    },
    { nextposition: whole("where the next page starts; absent on the last one"), cursor },
  ),
  ImportedImage: object(
    {
      identifier: text("of the image"),
      returncode: whole("as AddImage would have answered"),
      repeated: oneOrZero("1 where the very same was there already"),
      message: text("where it was refused"),
    },
    ["message"],
  ),
  ImportImagesAnswer: answerOf({ images: list(ref("ImportedImage"), "in the order in which they were sent") }),
  ReindexImagesAnswer: answerOf(
    {
      totalcount: whole("images in the channel"),
      reindexed: whole("images of this page that have their features anew"),
      refused: list(object({ identifier: text("of the image"), message: text("why") }), "they keep what they had"),
    },
    { cursor },
  ),
  GetImageAnswer: answerOf({ metadata, matchratio, level }, { trackingimage }),
  ChannelInfo: object({
    channel: channelSettings.channel as Schema,
    quota: channelSettings.quota as Schema,
    publicread: channelSettings.publicread as Schema,
    imagecount: whole("how many images it holds"),
  }),
  GetChannelsAnswer: answerOf({ channels: list(ref("ChannelInfo"), "in the order of names") }),
  StatisticsRecord: object(
    {
      date: text("yyyyMMdd"),
      channel: text("where none was asked for"),
      identifier: text("where only a channel was asked for"),
      count,
      queries: whole("all questions"),
      nomatch: whole("questions that matched nothing"),
      badframe: whole("questions whose frame was of no use"),
      latency: ref("Latency"),
    },
    ["channel", "identifier", "queries", "nomatch", "badframe", "latency"],
  ),
  Latency: {
    ...object({ p50: number("ms"), p95: number("ms"), p99: number("ms") }),
    description: "what so many of 100 answers did not exceed, to 10 %",
  },
  StatisticsAnswer: answerOf(
    {
      username: text("whose"),
      timezone: text("in which days begin and end"),
      records: list(ref("StatisticsRecord"), "in the order of days"),
    },
    { channel: text("where one was asked for") },
  ),
  Took: {
    ...object(
      Object.fromEntries(["decode", "extract", "search", "verify", "total"].map((stage) => [stage, number("ms")])),
    ),
    description: "milliseconds by stage",
  },
  FoundImage: object(found),
  FindImageAnswer: answerOf(
    { took: ref("Took") },
    { ...found, images: list(ref("FoundImage"), "where max is above 1: all that were found, best first") },
  ),
  IssueTokenAnswer: answerOf({ token: text("for FindImage and GetImage"), expires: whole("seconds since 1970") }),
  HealthAnswer: answerOf(
    { status: { const: "ok" }, version: text("of Lookmark") },
    { demo: object({ username: text(""), secretkey: text(""), channel: text("") }) },
  ),
  UserAnswer: answerOf(userSettings, { secretkey: text("the new one, where there is one") }),
  SecretAnswer: answerOf(
    { username: text("whose"), secrets: whole("how many are live", 1, 2) },
    { secretkey: text("the new one") },
  ),
  UsersAnswer: answerOf({ users: list(object(userSettings), "in the order of names") }, { cursor }),
  ChannelAnswer: answerOf(channelSettings),
  ChannelsAnswer: answerOf({ channels: list(object(channelSettings), "in the order of names") }, { cursor }),
};

const channel = text("the channel's name");
const identifier: Schema = { type: "string", pattern: IDENTIFIER_PATTERN.source, description: "of the image" };
const credentials: Properties = { username: text("who asks"), secretkey: text("never on a phone") };
const asking: Properties = { ...credentials, token: text("in place of username and secretkey, or as a bearer token") };
const image: Schema = { type: "string", format: "binary", description: "a JPEG or PNG file" };
const changes: Properties = {
  metadata: text("JSON text of at most 64 KB"),
  matchratio: percent("threshold on the score"),
};
const upload: Properties = {
  ...credentials,
  channel,
  identifier,
  image,
  ...changes,
  allowsimilar: oneOrZero("0 refuses a picture that the channel would already match"),
};
const named: Properties = { ...credentials, channel, identifier };
const day = (which: string) => text(`the ${which} day: yyyyMMdd, yyyyMM or yyyy`);
const limit = whole(`entries of a page (${PAGE_SIZE_DEFAULT})`, 1, PAGE_SIZE_MAX);

/** What is required of a form; the other fields are optional. */
const form = (properties: Properties, required: readonly string[]): Schema => ({
  type: "object",
  properties,
  required,
});

const FIELD_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data", "application/json"];

function responses(answer: string, others: Properties = {}) {
  return {
    200: { description: "The answer.", content: { "application/json": { schema: ref(answer) }, ...others } },
    default: {
      description: "No such path, method, or a fault.",
      content: { "application/json": { schema: ref("Answer") } },
    },
  };
}

function post(summary: string, types: readonly string[], schema: Schema, answer: string, others: Properties = {}) {
  const content = Object.fromEntries(types.map((type) => [type, { schema }]));
  return { summary, requestBody: { required: true, content }, responses: responses(answer, others) };
}

const postImage = (summary: string, fields: Properties, required: readonly string[], answer: string) =>
  post(summary, ["multipart/form-data"], form(fields, required), answer);
const postFields = (
  summary: string,
  fields: Properties,
  required: readonly string[],
  answer: string,
  others?: Properties,
) => post(summary, FIELD_TYPES, form(fields, required), answer, others);
const get = (summary: string, answer: string, query: Properties = {}) => ({
  summary,
  parameters: Object.entries(query).map(([name, schema]) => ({ name, in: "query", schema })),
  responses: responses(answer),
});

const queryToken = { security: [{ queryToken: [] }, {}] };
const adminToken = { security: [{ adminToken: [] }] };
const account = ["username", "secretkey", "channel"];
const username = text("the user's name");
const secretkey = text("a random one where it is absent");

const paths = {
  "/AddImage": { post: postImage("Adds a picture.", upload, [...account, "identifier", "image"], "AddImageAnswer") },
  "/ReplaceImage": {
    post: postImage(
      "Puts another picture under an identifier.",
      upload,
      [...account, "identifier", "image"],
      "AddImageAnswer",
    ),
  },
  "/GradeImage": {
    post: postImage("Grades a picture; stores nothing.", upload, [...account, "image"], "GradeImageAnswer"),
  },
  "/RemoveImage": {
    post: postFields("Removes an image.", named, [...account, "identifier"], "RemoveImageAnswer"),
  },
  "/GetImages": {
    post: postFields(
      "Lists a channel.",
      {
        ...credentials,
        channel,
        position: whole("of the first image, from 0"),
        cursor: text("of an earlier answer"),
        prefix: { type: "string", pattern: IDENTIFIER_PREFIX_PATTERN.source, description: "of the identifiers" },
        limit,
      },
      account,
      "GetImagesAnswer",
    ),
  },
  "/ImportImages": {
    post: postImage(
      "Adds many pictures whose features the sender extracted (lookmark import).",
      {
        ...credentials,
        channel,
        images: text("JSON array: identifier, metadata, matchratio, level, bytes of each"),
        pictures: { ...image, description: "all files, one behind the other" },
        segment: { ...image, description: "their features, in the format of worker/index/FORMAT.md" },
      },
      [...account, "images", "pictures", "segment"],
      "ImportImagesAnswer",
    ),
  },
  "/ReindexImages": {
    post: postFields(
      "Extracts features anew from the originals, a page at a time.",
      {
        ...credentials,
        channel,
        cursor: text("of an earlier answer"),
        limit: whole("images of this call", 1, REINDEX_MOST),
      },
      account,
      "ReindexImagesAnswer",
    ),
  },
  "/GetOriginal": {
    post: postFields("The file as it was uploaded.", named, [...account, "identifier"], "Answer", {
      "image/jpeg": { schema: image },
      "image/png": { schema: image },
    }),
  },
  "/GetChannels": {
    post: postFields("Lists the user's channels.", credentials, ["username", "secretkey"], "GetChannelsAnswer"),
  },
  "/GetImage": {
    post: {
      ...postFields(
        "Reads one image.",
        { ...asking, channel, identifier },
        ["channel", "identifier"],
        "GetImageAnswer",
      ),
      ...queryToken,
    },
  },
  "/UpdateImageInfo": {
    post: postFields(
      "Changes what belongs to an image.",
      { ...named, ...changes },
      [...account, "identifier"],
      "Answer",
    ),
  },
  "/Statistics": {
    post: postFields(
      "Counts matches by day.",
      {
        ...credentials,
        startdate: day("first"),
        enddate: day("last"),
        channel,
        identifier,
        format: { enum: ["json", "csv"] },
      },
      ["username", "secretkey", "startdate", "enddate"],
      "StatisticsAnswer",
      { "text/csv": { schema: { type: "string" } } },
    ),
  },
  "/FindImage": {
    post: {
      ...postImage(
        "Says which picture a photo shows, and where.",
        {
          ...asking,
          image,
          channel,
          identifiers: text(
            `up to ${IDENTIFIERS_MOST}, separated by commas or as a JSON array: only these are searched`,
          ),
          max: whole("how many pictures in one frame are looked for (1)", 1, FOUND_MOST),
        },
        ["image"],
        "FindImageAnswer",
      ),
      ...queryToken,
    },
  },
  "/IssueToken": {
    post: postFields(
      "Makes a query token for phones.",
      { ...credentials, channel, ttl: whole("seconds (3600)", 1, TOKEN_SECONDS_MAX) },
      ["username", "secretkey"],
      "IssueTokenAnswer",
    ),
  },
  "/tracking/{channel}/{picture}.jpg": {
    get: {
      summary: "The picture that FindImage's trackingimage names.",
      parameters: ["channel", "picture"].map((name) => ({
        name,
        in: "path",
        required: true,
        schema: { type: "string" },
      })),
      responses: {
        ...responses("Answer"),
        200: { description: "An upright gray JPEG.", content: { "image/jpeg": {} } },
      },
    },
  },
  "/health": { get: get("Is the service there?", "HealthAnswer") },
  "/openapi.json": {
    get: {
      summary: "This document.",
      responses: { 200: { description: "OpenAPI 3.1.", content: { "application/json": {} } } },
    },
  },
  "/admin/users": {
    get: { ...get("Lists users.", "UsersAnswer", { cursor, limit }), ...adminToken },
    post: {
      ...postFields(
        "Makes or changes a user.",
        { username, secretkey, disabled: oneOrZero("closes it") },
        ["username"],
        "UserAnswer",
      ),
      ...adminToken,
    },
  },
  "/admin/secrets": {
    post: {
      ...postFields("Gives a user a second secret key.", { username, secretkey }, ["username"], "SecretAnswer"),
      ...adminToken,
    },
  },
  "/admin/secrets/retire": {
    post: {
      ...postFields("Ends all secret keys but the newest.", { username }, ["username"], "SecretAnswer"),
      ...adminToken,
    },
  },
  "/admin/channels": {
    get: { ...get("Lists channels.", "ChannelsAnswer", { username, cursor, limit }), ...adminToken },
    post: {
      ...postFields(
        "Makes or changes a channel.",
        { ...channelSettings, hostapps: text("WeChat app ids, separated by commas") },
        ["channel", "username"],
        "ChannelAnswer",
      ),
      ...adminToken,
    },
  },
};

const bearer = (description: string) => ({ type: "http", scheme: "bearer", description });

export function openApiDocument(version: string, server: string) {
  return {
    openapi: "3.1.0",
    info: {
      title: "Lookmark",
      version,
      summary: "Which picture does the camera see, and where is it in the frame?",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: server }],
    paths,
    components: {
      schemas,
      securitySchemes: {
        queryToken: bearer("from IssueToken"),
        adminToken: bearer("the deployment's ADMIN_TOKEN"),
      },
    },
  };
}
