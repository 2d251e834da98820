/** What the states of former versions in test/fixtures have in them (former-state.ts makes them). */
export const FORMER = {
  username: "former",
  secretkey: "former.secret",
  channel: "former.pictures",
  empty: "former.empty",
  /** Samples, by identifier; the last is in no segment. */
  pictures: ["cover.slow_ferry", "card.pixel_pier", "card.clay_ticket"],
} as const;
