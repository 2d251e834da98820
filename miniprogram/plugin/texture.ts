/** The camera's picture of a VisionKit session: drawn onto the screen, and once more, small and gray, for the scanner to read. */

import type { Frame } from "../scanner/frame.ts";
import type { Size } from "../scanner/quad.ts";

type Gl = WechatMiniprogram.CanvasRenderingContext.WebGLRenderingContext;
type Texture = ReturnType<Gl["createTexture"]>;
type Program = NonNullable<ReturnType<Gl["createProgram"]>>;

/** The part of a VKFrame that is used. */
export interface CameraFrame {
  /** Luma in the one's red, U and V in the other's red and alpha. */
  getCameraTexture(gl: Gl, format: "yuv"): { yTexture?: Texture; uvTexture?: Texture };
  /** 3 × 3 by columns: from the texture's corners, ±1, to the screen's. It turns, and cuts what the frame's shape has no room for. */
  getDisplayTransform(): ArrayLike<number>;
}

/** Four pixels of luma in a row travel as one RGBA: a quarter of the bytes to read back, and no luma to compute. */
const PACKED = 4;
const SCREEN_CORNERS = [1, 1, -1, 1, 1, -1, -1, -1];

const VERTEX = "attribute vec2 corner; void main() { gl_Position = vec4(corner, 0.0, 1.0); }";

const SHOWN = `precision highp float;
uniform sampler2D luma, chroma;
uniform mat2 toTexture;
uniform vec2 size;
void main() {
  vec2 at = 0.5 + 0.5 * (toTexture * (2.0 * gl_FragCoord.xy / size - 1.0));
  float y = texture2D(luma, at).r;
  vec2 uv = texture2D(chroma, at).ra - 0.5;
  gl_FragColor = vec4(y + 1.402 * uv.y, y - 0.344 * uv.x - 0.714 * uv.y, y + 1.772 * uv.x, 1.0);
}`;

/** Rows from the top, as frames have them; four looks at each pixel's quarters, so that shrinking does not alias. */
const READ = `precision highp float;
uniform sampler2D luma;
uniform mat2 toTexture;
uniform vec2 size;
float look(vec2 pixel) {
  vec2 screen = vec2(2.0 * pixel.x / size.x - 1.0, 1.0 - 2.0 * pixel.y / size.y);
  return texture2D(luma, 0.5 + 0.5 * (toTexture * screen)).r;
}
float gray(vec2 pixel) {
  return 0.25 * (look(pixel + vec2(-0.25, -0.25)) + look(pixel + vec2(0.25, -0.25))
    + look(pixel + vec2(-0.25, 0.25)) + look(pixel + vec2(0.25, 0.25)));
}
void main() {
  vec2 pixel = vec2(${PACKED}.0 * floor(gl_FragCoord.x) + 0.5, gl_FragCoord.y);
  gl_FragColor = vec4(gray(pixel), gray(pixel + vec2(1.0, 0.0)), gray(pixel + vec2(2.0, 0.0)), gray(pixel + vec2(3.0, 0.0)));
}`;

export class CameraTexture {
  private readonly gl: Gl;
  private readonly shown: Program;
  private readonly read: Program;
  private readonly target: Texture;
  private bytes = new Uint8Array(0);

  /** Throws where the phone's graphics compile no shader. */
  constructor(gl: Gl) {
    this.gl = gl;
    this.shown = programOf(gl, SHOWN);
    this.read = programOf(gl, READ);
    this.target = gl.createTexture();
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(SCREEN_CORNERS) as never, gl.STATIC_DRAW);
  }

  /** Fills the canvas, and returns what fills it with `size` px, gray; undefined while the camera has no picture yet. */
  draw(frame: CameraFrame, screen: Size, size: Size): Frame | undefined {
    const { gl } = this;
    const { yTexture, uvTexture } = frame.getCameraTexture(gl, "yuv");
    if (!yTexture || !uvTexture) return undefined;
    const toTexture = inverse(frame.getDisplayTransform());
    this.bind(0, yTexture);
    this.bind(1, uvTexture);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.fill(this.shown, toTexture, screen, screen);
    return this.readGray(filling(toTexture, size, screen), size);
  }

  private readGray(toTexture: Float32Array, { width, height }: Size): Frame {
    const { gl } = this;
    if (this.bytes.length !== width * height) this.resize(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    const packed = { width: width / PACKED, height };
    this.fill(this.read, toTexture, { width, height }, packed);
    gl.readPixels(0, 0, packed.width, height, gl.RGBA, gl.UNSIGNED_BYTE, this.bytes as never);
    return { format: "gray", data: this.bytes, width, height, stride: width };
  }

  private framebuffer: ReturnType<Gl["createFramebuffer"]> = null;

  private resize(width: number, height: number): void {
    const { gl } = this;
    this.bytes = new Uint8Array(width * height);
    this.bind(2, this.target);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, width / PACKED, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
    this.framebuffer ??= gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.target, 0);
  }

  /** Textures of any size: no mipmaps, no repetition. */
  private bind(unit: number, texture: Texture): void {
    const { gl } = this;
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.LINEAR);
    }
  }

  private fill(program: Program, toTexture: Float32Array, size: Size, viewport: Size): void {
    const { gl } = this;
    gl.viewport(0, 0, viewport.width, viewport.height);
    gl.useProgram(program);
    gl.uniform1i(gl.getUniformLocation(program, "luma"), 0);
    gl.uniform1i(gl.getUniformLocation(program, "chroma"), 1);
    gl.uniformMatrix2fv(gl.getUniformLocation(program, "toTexture"), false, toTexture as never);
    gl.uniform2f(gl.getUniformLocation(program, "size"), size.width, size.height);
    const corner = gl.getAttribLocation(program, "corner");
    gl.enableVertexAttribArray(corner);
    gl.vertexAttribPointer(corner, 2, gl.FLOAT, false, 0, 0);
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, SCREEN_CORNERS.length / 2);
  }
}

/** For a picture of a slightly other shape than the screen's, which fills it as a frame of `<camera>` does: its sides may stand out. */
function filling(toTexture: Float32Array, size: Size, screen: Size): Float32Array {
  const scale = Math.max(screen.width / size.width, screen.height / size.height);
  const [x, y] = [(size.width * scale) / screen.width, (size.height * scale) / screen.height];
  return toTexture.map((value, i) => value * (i < 2 ? x : y));
}

/** Of the 3 × 3's turning part, by columns. */
function inverse(transform: ArrayLike<number>): Float32Array {
  const [a, b, c, d] = [0, 1, 3, 4].map((i) => transform[i] as number) as [number, number, number, number];
  const determinant = a * d - b * c;
  return new Float32Array([d / determinant, -b / determinant, -c / determinant, a / determinant]);
}

function programOf(gl: Gl, fragment: string): Program {
  const program = gl.createProgram() as Program;
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) throw new Error("WebGL makes no shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS))
    throw new Error(gl.getProgramInfoLog(program) ?? "WebGL links nothing");
  return program;
}
