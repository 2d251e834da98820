/** Light, dark, or as the system has it: the choice is kept, the colors follow `color-scheme`. */

import { effect, signal } from "@preact/signals";

export type Appearance = "system" | "light" | "dark";

const STORAGE_KEY = "lookmark.appearance";
const SCHEMES: Record<Appearance, string> = { system: "light dark", light: "light", dark: "dark" };

export const appearance = signal<Appearance>((localStorage.getItem(STORAGE_KEY) as Appearance | null) ?? "system");

effect(() => {
  localStorage.setItem(STORAGE_KEY, appearance.value);
  document.documentElement.dataset.appearance = appearance.value;
  document.querySelector('meta[name="color-scheme"]')?.setAttribute("content", SCHEMES[appearance.value]);
});
