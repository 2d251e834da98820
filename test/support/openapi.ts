/** Holds answers against the OpenAPI document. */

import { Validator } from "@cfworker/json-schema";
import { openApiDocument, type Schema } from "../../shared/openapi.ts";

export const document = openApiDocument("0", "https://lookmark.test");

type Method = "get" | "post";
type Operation = { responses: Record<number, { content: Record<string, { schema?: Schema }> }> };

const validators = new Map<string, Validator>();

/** What is wrong with the answer of this endpoint; undefined where nothing is, or where the endpoint is not described. */
export function problemWith(path: string, answer: unknown, method: Method = "post"): string | undefined {
  const operation = (document.paths as Record<string, Partial<Record<Method, Operation>>>)[path]?.[method];
  const schema = operation?.responses[200]?.content["application/json"]?.schema;
  if (!schema) return undefined;
  const key = JSON.stringify(schema);
  let validator = validators.get(key);
  if (!validator) {
    validator = new Validator({ ...schema, components: document.components }, "2020-12", false);
    validators.set(key, validator);
  }
  const { valid, errors } = validator.validate(answer);
  return valid ? undefined : errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`).join("\n");
}
