export function StatisticsPage(_: object) {
  return <h1>…</h1>;
}
