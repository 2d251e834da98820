/** The console's words in the chosen language. The scan page keeps the choice under the same name. */

import { effect, signal } from "@preact/signals";
import { chinese } from "./words/chinese.ts";
import { english, singular, type TextKey } from "./words/english.ts";

export type Language = "en" | "zh";
export type { TextKey };

const STORAGE_KEY = "lookmark.language";
const tables: Record<Language, Record<TextKey, string>> = { en: english, zh: chinese };

export const language = signal<Language>(
  (localStorage.getItem(STORAGE_KEY) ?? navigator.language).startsWith("zh") ? "zh" : "en",
);

effect(() => {
  document.documentElement.lang = localeOf(language.value);
});

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(STORAGE_KEY, chosen);
  language.value = chosen;
}

/** `{name}` in the text is replaced by the fact of that name; English has other words where `count` is 1. */
export function t(key: TextKey, facts: Readonly<Record<string, string | number>> = {}): string {
  const one = language.value === "en" && String(facts.count) === "1" ? singular[key] : undefined;
  return (one ?? tables[language.value][key]).replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ""));
}

/** The text of a key put together at run time; undefined where there is none. */
export function textOf(key: string): string | undefined {
  return key in english ? t(key as TextKey) : undefined;
}

export function number(value: number, digits = 0): string {
  return value.toLocaleString(localeOf(language.value), { maximumFractionDigits: digits });
}

function localeOf(chosen: Language): string {
  return chosen === "zh" ? "zh-CN" : "en";
}
