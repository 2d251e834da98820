export function KeysPage(_: object) {
  return <h1>…</h1>;
}
