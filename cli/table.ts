/** Rows of text in columns, for terminals. */

const GAP = "  ";
const ELLIPSIS = "…";
/** East Asian characters and emoji take two columns of a terminal. */
const WIDE_PATTERN =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{3fffd}]/u;

/** Columns as wide as their widest cell; those in `right` are aligned to the right, as numbers are. */
export function tableText(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const columnCount = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columnCount }, (_, column) =>
    rows.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? "")), 0),
  );
  const line = (row: readonly string[]) =>
    widths.map((width, column) => pad(row[column] ?? "", width, right.includes(column))).join(GAP);
  return rows.map((row) => line(row).trimEnd()).join("\n");
}

/** On one line, without what a terminal might obey, and no wider than `width`. */
export function shorten(text: string, width: number): string {
  const plain = printable(text);
  if (widthOf(plain) <= width) return plain;
  let kept = "";
  for (const character of plain) {
    if (widthOf(kept + character + ELLIPSIS) > width) break;
    kept += character;
  }
  return kept + ELLIPSIS;
}

/** On one line, without what a terminal might obey. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function pad(cell: string, width: number, right: boolean): string {
  const space = " ".repeat(width - widthOf(cell));
  return right ? space + cell : cell + space;
}

function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE_PATTERN.test(character) ? 2 : 1;
  return width;
}
