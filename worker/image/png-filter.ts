/** The filters of PNG rows (PNG specification, third edition, section 9). */

/**
 * Undoes the filter of `row` in place. Rows begin with the number of their filter; `previous` is the row above, already
 * without its filter, zeros above the first. False where there is no such filter.
 */
export function unfilter(row: Uint8Array, previous: Uint8Array, pixelBytes: number): boolean {
  switch (row[0]) {
    case 0:
      return true;
    case 1:
      for (let i = 1 + pixelBytes; i < row.length; i++) row[i] = at(row, i) + at(row, i - pixelBytes);
      return true;
    case 2:
      for (let i = 1; i < row.length; i++) row[i] = at(row, i) + at(previous, i);
      return true;
    case 3:
      for (let i = 1; i < row.length; i++) {
        const left = i > pixelBytes ? at(row, i - pixelBytes) : 0;
        row[i] = at(row, i) + ((left + at(previous, i)) >> 1);
      }
      return true;
    case 4:
      unfilterPaeth(row, previous, pixelBytes);
      return true;
    default:
      return false;
  }
}

function unfilterPaeth(row: Uint8Array, previous: Uint8Array, pixelBytes: number): void {
  const first = Math.min(row.length, 1 + pixelBytes);
  for (let i = 1; i < first; i++) row[i] = at(row, i) + at(previous, i);
  for (let i = first; i < row.length; i++) {
    const left = at(row, i - pixelBytes);
    const above = at(previous, i);
    const aboveLeft = at(previous, i - pixelBytes);
    row[i] = at(row, i) + nearestOf(left, above, aboveLeft);
  }
}

/** The one of three that is nearest to left + above − aboveLeft. */
function nearestOf(left: number, above: number, aboveLeft: number): number {
  const fromLeft = Math.abs(above - aboveLeft);
  const fromAbove = Math.abs(left - aboveLeft);
  const fromBoth = Math.abs(left + above - 2 * aboveLeft);
  if (fromLeft <= fromAbove && fromLeft <= fromBoth) return left;
  return fromAbove <= fromBoth ? above : aboveLeft;
}

function at(bytes: Uint8Array, i: number): number {
  return bytes[i] as number;
}
