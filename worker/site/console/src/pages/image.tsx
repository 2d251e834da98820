export function ImagePage(_: object) {
  return <h1>…</h1>;
}
