/** The identifiers that the console proposes for files. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { IDENTIFIER_PATTERN } from "../../shared/protocol.ts";
import { proposeIdentifier } from "../../worker/site/console/src/upload/identifier.ts";

describe("the identifier proposed for a file", () => {
  it.each([
    ["poster.night_jazz.jpg", "poster.night_jazz"],
    ["Jazz à Vienne (été).jpeg", "Jazz_a_Vienne_ete"],
    ["IMG-2024 001.PNG", "IMG_2024_001"],
    ["ab.png", "picture_ab"],
    ["海报.jpg", "picture"],
  ])("is the name %j as far as identifiers may have it: %s", (name, identifier) => {
    expect(proposeIdentifier(name, new Set())).toBe(identifier);
  });

  it("is always well-formed and never one that is taken", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 1, max: 30 }), (name, times) => {
        const taken = new Set<string>();
        for (let i = 0; i < times; i++) {
          const identifier = proposeIdentifier(name, taken);
          expect(identifier).toMatch(IDENTIFIER_PATTERN);
          expect(taken.has(identifier)).toBe(false);
          taken.add(identifier);
        }
      }),
    );
  });
});
