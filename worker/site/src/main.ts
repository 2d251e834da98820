/** The scan page: wires camera, photos, samples and connection to the scan loop, and the loop to what is shown. */

import { cameraTrouble, closeCamera, onCameraEnded, openCamera } from "./camera.ts";
import * as connection from "./connect.ts";
import { byId, byTestId } from "./dom.ts";
import { openGallery, showSamples } from "./gallery.ts";
import { translatePage } from "./i18n.ts";
import { onPhoto } from "./intake.ts";
import { startLoop } from "./loop.ts";
import { Overlay, type Target } from "./overlay.ts";
import { showResult } from "./result.ts";
import { initialScan, type Scan } from "./scan.ts";
import { grabFrame, loadPhoto, pictureBox, showSource, video } from "./stage.ts";

const start = byId("start-camera", HTMLButtonElement);
const stop = byId("stop-camera", HTMLButtonElement);
const fileInput = byId("file-input", HTMLInputElement);
const stage = byId("stage", HTMLElement);
const overlay = new Overlay(byTestId("outline") as HTMLCanvasElement);

let shown: Scan = initialScan;
const dispatch = startLoop({ grabFrame, findImage: connection.findImage, show });

function show(scan: Scan): void {
  shown = scan;
  showSource(scan.source);
  stage.dataset.source = scan.source;
  stage.dataset.kind = scan.finding.kind;
  start.hidden = scan.source === "camera";
  stop.hidden = scan.source !== "camera";
  overlay.aim(pictureBox(), targetOf(scan));
  showResult(scan);
}

function targetOf({ finding }: Scan): Target | undefined {
  if (finding.kind !== "hit") return undefined;
  const { corners, identifier } = finding.reply.answer;
  return corners && { corners, label: identifier ?? "" };
}

async function startCamera(): Promise<void> {
  start.disabled = true;
  try {
    await openCamera(video);
    onCameraEnded(video, stopCamera);
    dispatch({ type: "opened", source: "camera" });
    stop.focus();
  } catch (error) {
    closeCamera(video);
    dispatch({ type: "closed", trouble: cameraTrouble(error) });
  }
  start.disabled = false;
}

function stopCamera(): void {
  closeCamera(video);
  dispatch({ type: "closed" });
}

async function scanPhoto(photo: Blob): Promise<void> {
  if (fileInput.disabled) return connection.focusForm();
  closeCamera(video);
  try {
    await loadPhoto(photo);
    dispatch({ type: "opened", source: "photo" });
  } catch {
    dispatch({ type: "closed", trouble: "notPicture" });
  }
  stage.scrollIntoView({ block: "nearest" });
}

function connected(isConnected: boolean): void {
  start.disabled = fileInput.disabled = !isConnected;
  document.body.classList.toggle("connected", isConnected);
  if (!isConnected && shown.source !== "none") stopCamera();
}

translatePage(() => {
  showSamples();
  connection.showSession();
  show(shown);
});
start.addEventListener("click", startCamera);
stop.addEventListener("click", () => {
  stopCamera();
  start.focus();
});
byId("retry", HTMLButtonElement).addEventListener("click", () => dispatch({ type: "retried" }));
onPhoto(scanPhoto);
document.addEventListener("visibilitychange", () => dispatch({ type: "tab", hidden: document.hidden }));
new ResizeObserver(() => show(shown)).observe(stage);
video.addEventListener("resize", () => show(shown));
void openGallery(scanPhoto).catch(() => byId("gallery", HTMLElement).remove());
void connection.connect(connected);
