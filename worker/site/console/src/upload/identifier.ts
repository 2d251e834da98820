/** The identifier that is proposed for a file: its name, as far as identifiers may have its characters. */

const LENGTH_LEAST = 3;
const LENGTH_MOST = 50;

/** Always well-formed, and none of `taken`. */
export function proposeIdentifier(fileName: string, taken: ReadonlySet<string>): string {
  const plain = fileName
    .replace(/\.[a-z0-9]{1,5}$/i, "")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "") // é is e and an accent now
    .replace(/[^A-Za-z0-9@_.]+/g, "_")
    .replace(/^[_.]+|[_.]+$/g, "");
  const base = plain.length < LENGTH_LEAST ? `picture${plain && "_"}${plain}` : plain.slice(0, LENGTH_MOST);
  for (let i = 1; ; i++) {
    const ending = i === 1 ? "" : `_${i}`;
    const proposed = base.slice(0, LENGTH_MOST - ending.length) + ending;
    if (!taken.has(proposed)) return proposed;
  }
}
