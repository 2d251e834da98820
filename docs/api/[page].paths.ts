/** The API reference, written from the OpenAPI document that the Worker serves and the tests hold its answers against. */

import manifest from "../../package.json" with { type: "json" };
import { openApiDocument, type Schema } from "../../shared/openapi.ts";

interface Operation {
  readonly summary: string;
  readonly parameters?: readonly { name: string; in: string; schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: Schema }>> };
  readonly responses: Readonly<Record<number, { content: Readonly<Record<string, { schema?: Schema }>> }>>;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}
type Properties = Readonly<Record<string, Schema>>;

const { paths, components } = openApiDocument(manifest.version, "");
const schemas = components.schemas as Properties;
/** In every answer, and so told once. */
const ALWAYS = ["returncode", "message", "requestid", "field"];
const INTRODUCTION = `# API reference

Written from the document that every deployment serves at \`GET /openapi.json\` (OpenAPI 3.1), which the tests hold every answer
against; feed that to a generator for a client in your language. [README](../../README.md#the-api-by-example) shows each call with
\`curl\`, and what it answers.

Answers are JSON at HTTP status 200, with \`returncode\` (0 is success, [the others](../../README.md#return-codes)), \`message\` and
\`requestid\`; where a field is missing or malformed, \`field\` names it. Fields marked * are required.`;

export default {
  paths: () => [{ params: { page: "reference" }, content: reference() }],
};

function reference(): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as unknown as Record<string, Operation>).map((entry) => describe(path, ...entry)),
  );
  return [INTRODUCTION, ...operations, "## Types", ...typesOf(schemas).map(describeType)].join("\n\n");
}

function describe(path: string, method: string, operation: Operation): string {
  const { summary, parameters = [], requestBody, responses, security } = operation;
  const title = method === "post" && !path.startsWith("/admin") ? path.slice(1) : `${method.toUpperCase()} ${path}`;
  const [[type, body] = []] = Object.entries(requestBody?.content ?? {}).slice(-1);
  const fields = body?.schema as { properties: Properties; required: string[] } | undefined;
  const query = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  return [
    `## ${title}`,
    `\`${method.toUpperCase()} ${path}\` ${summary} ${credentialsOf(security)}${sentAs(type, requestBody)}`,
    table("field", fields?.properties ?? query, fields?.required),
    ...answersOf(responses[200]?.content ?? {}),
  ].join("\n\n");
}

function credentialsOf(security: Operation["security"] = []): string {
  if (security.some((kind) => "adminToken" in kind)) return "With `Authorization: Bearer ADMIN_TOKEN`. ";
  return security.some((kind) => "queryToken" in kind) ? "A query token may take the place of the secret key. " : "";
}

function sentAs(type: string | undefined, body: Operation["requestBody"]): string {
  if (!body) return "";
  return Object.keys(body.content).length > 1 ? "As a form or as JSON." : `As \`${type}\`.`;
}

function answersOf(content: Readonly<Record<string, { schema?: Schema }>>): string[] {
  return Object.entries(content).map(([type, { schema }]) => {
    const answer = schemas[nameOf(schema)];
    if (!answer) return `Answers \`${type}\`.`;
    const { properties } = answer as { properties: Properties };
    const own = Object.fromEntries(Object.entries(properties).filter(([name]) => !ALWAYS.includes(name)));
    return Object.keys(own).length ? table("answer", own) : "Answers nothing else.";
  });
}

/** What answers are made of: all that is no answer itself. */
function typesOf(all: Properties): [string, Schema][] {
  return Object.entries(all).filter(([name]) => !name.endsWith("Answer"));
}

function describeType([name, schema]: [string, Schema]): string {
  const { properties = {} } = schema as { properties?: Properties };
  return [`### ${name}`, schema.description ?? "", table("field", properties)].filter(Boolean).join("\n\n");
}

function table(heading: string, properties: Properties, required: readonly string[] = []): string {
  const entries = Object.entries(properties);
  if (!entries.length) return "";
  const rows = entries.map(([name, schema]) => {
    const mark = required.includes(name) ? " *" : "";
    return `| \`${name}\`${mark} | ${typeOf(schema)} | ${String(schema.description ?? "")} |`;
  });
  return [`| ${heading} | type | what |`, "| --- | --- | --- |", ...rows].join("\n");
}

function typeOf(schema: Schema): string {
  const { $ref, type, items, format, pattern, minimum, maximum } = schema;
  if ($ref) return `[${nameOf(schema)}](#${nameOf(schema).toLowerCase()})`;
  if ("const" in schema) return `\`${schema.const}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (type === "array") return `list: ${typeOf(items as Schema)}`;
  if (type === "object") return `{ ${Object.keys((schema.properties ?? {}) as Properties).join(", ")} }`;
  if (format === "binary") return "file";
  const range = minimum === undefined ? "" : maximum === undefined ? ` ≥ ${minimum}` : ` ${minimum}–${maximum}`;
  const match = pattern ? ` \`${pattern}\`` : "";
  return `${[type].flat().join(" or ")}${range}${match}`;
}

const nameOf = (schema: Schema | undefined) => String(schema?.$ref ?? "").replace("#/components/schemas/", "");
