/** A text as a QR code: dark on white in every appearance, as scanners expect it. Its encoder is loaded with the first one. */

import { useEffect, useState } from "preact/hooks";

/** Modules left white around it: the quiet zone of ISO/IEC 18004. */
const QUIET_ZONE = 4;

interface Drawing {
  /** Modules along a side, with the quiet zone. */
  readonly side: number;
  readonly path: string;
}

interface Props {
  readonly text: string;
  /** What is said to those who do not see it. */
  readonly label: string;
  /** Stands in its place where the encoder did not load. */
  readonly failed: string;
}

export function QrCode({ text, label, failed }: Props) {
  const [drawing, setDrawing] = useState<Drawing | "failed">();
  useEffect(() => {
    let latest = true;
    draw(text).then(
      (drawn) => latest && setDrawing(drawn),
      () => latest && setDrawing("failed"),
    );
    return () => {
      latest = false;
    };
  }, [text]);
  if (drawing === "failed") return <p class="fine">{failed}</p>;
  return (
    <svg class="qr-code" role="img" aria-label={label} viewBox={drawing && `0 0 ${drawing.side} ${drawing.side}`}>
      <path d={drawing?.path} />
    </svg>
  );
}

async function draw(text: string): Promise<Drawing> {
  const { encode } = await import("uqr");
  const { size, data } = encode(text, { border: QUIET_ZONE });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { side: size, path: dark.join("") };
}
