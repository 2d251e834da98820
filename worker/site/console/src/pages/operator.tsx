export function OperatorPage(_: object) {
  return <h1>…</h1>;
}
