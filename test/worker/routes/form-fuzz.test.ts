/** Nearly right bodies in workerd, whose multipart parser is not Node's, which `npm run fuzz -- --target form` runs. */

import { expect, it } from "vitest";
import { findingOf } from "../../../scripts/fuzz/target.ts";
import { form } from "../../../scripts/fuzz/targets/form.ts";
import { randomFrom } from "../../../shared/random.ts";

const EXECUTIONS = 5000;

it(`${EXECUTIONS} nearly right bodies are taken or refused as documented`, async () => {
  for (let seed = 0; seed < EXECUTIONS; seed++) {
    expect([seed, await findingOf(form, form.draw(randomFrom(seed)))]).toEqual([seed, undefined]);
  }
});
