/** VisionKit on the web: a session whose frames are textures of the camera, lying on their side as a phone's sensor does. */

import { type OpenCamera, openCamera } from "./camera.ts";

const SHORT_SIDE_PX = 480;
const REFUSED = 2003002;
const NO_SESSION = 2003000;

interface Options {
  readonly gl: WebGLRenderingContext;
}

export function createVKSession({ gl }: Options) {
  const pixels = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const [yTexture, uvTexture] = [gl.createTexture(), gl.createTexture()];
  let camera: OpenCamera | undefined;
  let closed = false;
  return {
    async start(callback: (status: number) => void) {
      try {
        camera = await openCamera("environment");
        if (closed) camera.close();
        else callback(0);
      } catch (error) {
        callback(error instanceof DOMException && error.name === "NotAllowedError" ? REFUSED : NO_SESSION);
      }
    },
    stop() {
      closed = true;
      camera?.close();
    },
    destroy() {},
    requestAnimationFrame: (callback: () => void) => requestAnimationFrame(callback),
    cancelAnimationFrame: (id: number) => cancelAnimationFrame(id),
    on() {},
    off() {},
    addMarker: () => 0,
    removeMarker() {},
    getVKFrame(width: number, height: number) {
      const video = camera?.video;
      if (!video?.videoWidth || !pixels) return null;
      const scale = SHORT_SIDE_PX / Math.min(video.videoWidth, video.videoHeight);
      const size = { width: Math.round(video.videoWidth * scale), height: Math.round(video.videoHeight * scale) };
      if (pixels.canvas.width !== size.width) Object.assign(pixels.canvas, size);
      pixels.drawImage(video, 0, 0, size.width, size.height);
      const shown = pixels.getImageData(0, 0, size.width, size.height);
      return {
        getCameraTexture() {
          upload(gl, shown, yTexture, uvTexture);
          return { yTexture, uvTexture };
        },
        getDisplayTransform: () => transformOf(size, { width, height }),
        shown,
      };
    },
  };
}

/** A quarter turn, and as much larger than the view as the camera's shape demands. */
function transformOf(camera: { width: number; height: number }, view: { width: number; height: number }): Float32Array {
  const scale = Math.max(view.width / camera.width, view.height / camera.height);
  const [x, y] = [(camera.width * scale) / view.width, (camera.height * scale) / view.height];
  return new Float32Array([0, -y, 0, x, 0, 0, 0, 0, 1]);
}

/** BT.601; row i of the textures is the picture's column from the top, i. */
function upload(
  gl: WebGLRenderingContext,
  { data, width, height }: ImageData,
  y: WebGLTexture,
  uv: WebGLTexture,
): void {
  const luma = new Uint8Array(width * height);
  const chroma = new Uint8Array(2 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = 4 * (row * width + column);
      const to = column * height + row;
      const [r, g, b] = [data[from] as number, data[from + 1] as number, data[from + 2] as number];
      const light = 0.299 * r + 0.587 * g + 0.114 * b;
      luma[to] = light;
      chroma[2 * to] = 128 + (b - light) / 1.772;
      chroma[2 * to + 1] = 128 + (r - light) / 1.402;
    }
  }
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  for (const [texture, format, bytes] of [
    [y, gl.LUMINANCE, luma],
    [uv, gl.LUMINANCE_ALPHA, chroma],
  ] as const) {
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, format, height, width, 0, format, gl.UNSIGNED_BYTE, bytes);
  }
}
