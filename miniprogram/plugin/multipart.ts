/** A multipart/form-data body by hand: mini-programs have neither FormData nor, on older phones, TextEncoder. */

export interface Body {
  readonly data: ArrayBuffer;
  readonly contentType: string;
}

/** `image` is the file part; the boundary must not occur in it, so it is drawn at random. */
export function multipart(fields: Readonly<Record<string, string>>, image: Uint8Array, random: () => number): Body {
  const boundary = `lookmark${random().toString(36).slice(2)}${random().toString(36).slice(2)}`;
  const texts = Object.keys(fields).map((name) => `${partHead(boundary, name)}\r\n${fields[name] ?? ""}\r\n`);
  const imageHead = `${partHead(boundary, "image", '; filename="frame.jpg"')}Content-Type: image/jpeg\r\n\r\n`;
  const head = utf8(texts.join("") + imageHead);
  const tail = utf8(`\r\n--${boundary}--\r\n`);
  const bytes = new Uint8Array(head.length + image.length + tail.length);
  bytes.set(head);
  bytes.set(image, head.length);
  bytes.set(tail, head.length + image.length);
  return { data: bytes.buffer as ArrayBuffer, contentType: `multipart/form-data; boundary=${boundary}` };
}

function partHead(boundary: string, name: string, more = ""): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n`;
}

/** As TextEncoder: half a surrogate pair becomes U+FFFD, where encodeURIComponent throws. */
export function utf8(text: string): Uint8Array {
  const whole = Array.from(text, (character) => (/^[\uD800-\uDFFF]$/.test(character) ? "\uFFFD" : character));
  const escaped = encodeURIComponent(whole.join(""));
  const bytes: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] !== "%") bytes.push(escaped.charCodeAt(i));
    else {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    }
  }
  return Uint8Array.from(bytes);
}
