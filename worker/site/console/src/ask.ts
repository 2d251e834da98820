/** Asking the API from a page: answers, and what went wrong in words for people. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Answered, NoAnswerError } from "../../../../shared/client.ts";
import type { Answer } from "../../../../shared/protocol.ts";
import { reasons } from "../../../../shared/reason.ts";
import { t, textOf } from "./i18n.ts";

/** A refusal, or no answer at all (without `returncode`). */
export interface Trouble {
  readonly returncode?: number;
  readonly message: string;
  readonly requestid?: string;
}

/** A file that the browser cannot read, which the API would say the same of. */
export const notAPicture: Trouble = reasons.notRecognized("the browser cannot read the file as a picture");

export type Asked<T extends Answer> =
  | { readonly ok: true; readonly answer: Answered<T> }
  | { readonly ok: false; readonly trouble: Trouble };

export async function ask<T extends Answer>(asked: Promise<Answered<T>>): Promise<Asked<T>> {
  try {
    const answer = await asked;
    return answer.returncode === 0 ? { ok: true, answer } : { ok: false, trouble: answer };
  } catch (error) {
    if (error instanceof NoAnswerError) return { ok: false, trouble: { message: error.message } };
    throw error;
  }
}

/** In the chosen language; what the server says in its own words only where there are none of ours. */
export function wordsOf({ returncode, message }: Trouble): string {
  if (returncode === undefined) return t("noAnswer");
  return textOf(`code_${returncode}`) ?? t("refused", { returncode, message });
}

export interface Loaded<T extends Answer> {
  /** Stays while the next one is under way. */
  readonly answer: Answered<T> | undefined;
  readonly trouble: Trouble | undefined;
  readonly loading: boolean;
  readonly reload: () => void;
}

/** Asks when the page opens and whenever one of `keys` changes; an answer that came too late is dropped. */
export function useAnswer<T extends Answer>(
  question: () => Promise<Answered<T>>,
  keys: readonly (string | number | undefined)[],
): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "reload">>({
    answer: undefined,
    trouble: undefined,
    loading: true,
  });
  const turn = useRef(0);
  const load = async () => {
    const mine = ++turn.current;
    setState((before) => ({ ...before, loading: true }));
    const asked = await ask(question());
    if (mine !== turn.current) return;
    if (asked.ok) setState({ answer: asked.answer, trouble: undefined, loading: false });
    else setState((before) => ({ ...before, trouble: asked.trouble, loading: false }));
  };
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    void latest.current();
    return () => {
      turn.current++;
    };
  }, keys);
  return { ...state, reload: useCallback(() => void latest.current(), []) };
}
