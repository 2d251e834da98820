/** The OpenAPI document is one, by the specification's own schema. */

import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { openApiDocument } from "../../shared/openapi.ts";

const document = JSON.parse(JSON.stringify(openApiDocument("0.1.0", "https://lookmark.example.com")));

it("is valid OpenAPI 3.1, with all references resolved", async () => {
  const validator = new Validator();
  expect(await validator.validate(document)).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  expect(() => validator.resolveRefs()).not.toThrow();
});

it("is not valid with an operation that has no answers", async () => {
  const { responses, ...rest } = document.paths["/health"].get;
  expect(responses).toBeDefined();
  const broken = { ...document, paths: { "/health": { get: { ...rest, responses: 1 } } } };
  expect(await new Validator().validate(broken)).toMatchObject({ valid: false });
});
