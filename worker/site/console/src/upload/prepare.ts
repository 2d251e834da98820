/** A file made ready to be sent: huge photos shrunk, formats that the API does not take turned into JPEG. */

/** The server looks at 480 px and shows 1080: more only takes longer to send. */
const SIDE_MOST_PX = 1600;
/** Files up to this size are sent as they are, unless their sides are huge. */
const BYTES_PLAIN = 1.5 * 2 ** 20;
const SIDE_PLAIN_PX = 4000;
const JPEG_QUALITY = 0.9;
const THUMBNAIL_SIDE_PX = 480;
const TAKEN_TYPES = ["image/jpeg", "image/png"];

export interface Prepared {
  /** What is sent: the file itself, or what was made of it. */
  readonly image: Blob;
  /** Address of a small copy to be shown. */
  readonly thumbnail: string;
  readonly shrunk: boolean;
}

/** Undefined where the browser cannot read the file as a picture, or has no room for one as large. */
export async function preparePicture(file: File): Promise<Prepared | undefined> {
  const bitmap = await createImageBitmap(file).catch(() => undefined); // upright, as EXIF says
  if (!bitmap) return undefined;
  try {
    const longSide = Math.max(bitmap.width, bitmap.height);
    const plain = TAKEN_TYPES.includes(file.type) && file.size <= BYTES_PLAIN && longSide <= SIDE_PLAIN_PX;
    const image = plain ? file : await encodeJpeg(bitmap, SIDE_MOST_PX);
    const thumbnail = URL.createObjectURL(await encodeJpeg(bitmap, THUMBNAIL_SIDE_PX));
    return { image, thumbnail, shrunk: !plain };
  } catch {
    return undefined;
  } finally {
    bitmap.close();
  }
}

async function encodeJpeg(bitmap: ImageBitmap, sideMost: number): Promise<Blob> {
  const scale = Math.min(1, sideMost / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  );
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.imageSmoothingQuality = "high";
  // JPEG has no transparency: without a ground, clear pixels of a PNG would turn black.
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: JPEG_QUALITY });
}
