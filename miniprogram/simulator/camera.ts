/** What stands before the simulator's camera: the webcam, or a picture or film of the user's own. */

/** Of a phone's upright camera, for pictures of one's own. */
const STAGE = { width: 480, height: 640 };
const STAGE_FRAMES_PER_SECOND = 15;

let own: File | undefined;

export interface OpenCamera {
  readonly video: HTMLVideoElement;
  close(): void;
}

export function showFile(file: File): void {
  own = file;
}

/** Rejects as getUserMedia does, and where a file is neither picture nor film. */
export async function openCamera(facingMode: "user" | "environment"): Promise<OpenCamera> {
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, loop: true });
  video.style.cssText = "width:100%;height:100%;object-fit:cover";
  try {
    const close = own ? await showOwn(own, video) : await showWebcam(facingMode, video);
    await video.play();
    say("");
    return { video, close };
  } catch (error) {
    say(`No picture of a camera: ${error}. Allow the camera, or choose a picture or film of your own.`);
    throw error;
  }
}

async function showWebcam(facingMode: string, video: HTMLVideoElement): Promise<() => void> {
  if (!navigator.mediaDevices) throw new Error("browsers give cameras to https and localhost alone");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode } });
  video.srcObject = stream;
  return () => stopTracks(stream);
}

async function showOwn(file: File, video: HTMLVideoElement): Promise<() => void> {
  if (file.type.startsWith("image/")) return showPicture(await createImageBitmap(file), video);
  video.src = URL.createObjectURL(file);
  return () => {
    video.pause();
    URL.revokeObjectURL(video.src);
  };
}

/** Upright before a gray wall, as a poster on one. */
function showPicture(picture: ImageBitmap, video: HTMLVideoElement): () => void {
  const canvas = Object.assign(document.createElement("canvas"), STAGE);
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  const scale = (0.85 * Math.min(STAGE.width / picture.width, STAGE.height / picture.height)) as number;
  const [width, height] = [picture.width * scale, picture.height * scale];
  const draw = () => {
    context.fillStyle = "#777";
    context.fillRect(0, 0, STAGE.width, STAGE.height);
    context.drawImage(picture, (STAGE.width - width) / 2, (STAGE.height - height) / 2, width, height);
  };
  draw();
  const timer = setInterval(draw, 1000 / STAGE_FRAMES_PER_SECOND); // a canvas gives frames as it is drawn
  const stream = canvas.captureStream(STAGE_FRAMES_PER_SECOND);
  video.srcObject = stream;
  return () => {
    clearInterval(timer);
    stopTracks(stream);
  };
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** On the phone itself, which is black. */
function say(text: string): void {
  const notice = document.getElementById("notice");
  if (notice) notice.textContent = text;
}
