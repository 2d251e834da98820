/** What the element says to people, in English and Chinese. */

import { codes } from "../miniprogram/scanner/faults.ts";
import type { ScanError, ScanHint } from "./api.ts";

const TOKEN_NOT_VALID = 30003;

export interface Message {
  readonly title: string;
  readonly text: string;
}

interface Words {
  readonly start: Message & { readonly button: string };
  readonly starting: string;
  readonly rest: Message & { readonly button: string };
  readonly retry: string;
  readonly open: string;
  readonly hints: Readonly<Record<ScanHint, string>>;
  readonly insecure: Message;
  readonly errors: Readonly<Record<number, Message>>;
  readonly expired: Message;
  readonly otherError: string;
}

const english: Words = {
  start: {
    title: "Point your camera at a picture",
    text: "Frames go to the server that recognizes them, and nowhere else.",
    button: "Start camera",
  },
  starting: "Opening the camera …",
  rest: { title: "Resting", text: "Nothing was found for a minute.", button: "Go on" },
  retry: "Try again",
  open: "Open",
  hints: {
    "": "Fill the frame with the picture",
    blur: "Hold still until it is sharp",
    dark: "More light, please",
    bright: "Too bright: avoid glare",
    motion: "Hold steady",
    closer: "Move closer, and keep it in view",
    offline: "No connection, trying again …",
  },
  insecure: { title: "The camera needs HTTPS", text: "Browsers open a camera for HTTPS pages and localhost only." },
  errors: {
    [codes.cameraRefused]: {
      title: "The camera is blocked",
      text: "Allow it for this site in the browser's settings, then try again.",
    },
    [codes.cameraUnavailable]: {
      title: "There is no camera to use",
      text: "None is connected, or another app is using it.",
    },
  },
  expired: {
    title: "This link has expired",
    text: "Scan the QR code again, or ask whoever sent it for a new one.",
  },
  otherError: "This cannot be scanned",
};

const chinese: Words = {
  start: { title: "将镜头对准图片", text: "画面只发送给识别服务器。", button: "打开摄像头" },
  starting: "正在打开摄像头…",
  rest: { title: "已暂停", text: "一分钟内没有识别到图片。", button: "继续扫描" },
  retry: "重试",
  open: "打开",
  hints: {
    "": "让图片充满画面",
    blur: "请保持画面清晰",
    dark: "光线太暗",
    bright: "光线太强，请避开反光",
    motion: "请拿稳手机",
    closer: "移近一点，保持扫描",
    offline: "网络不可用，正在重试…",
  },
  insecure: { title: "需要 HTTPS", text: "浏览器只允许 HTTPS 页面和 localhost 打开摄像头。" },
  errors: {
    [codes.cameraRefused]: { title: "摄像头被禁止", text: "请在浏览器设置中允许本站使用摄像头，然后重试。" },
    [codes.cameraUnavailable]: { title: "没有可用的摄像头", text: "未连接摄像头，或被其他应用占用。" },
  },
  expired: { title: "链接已失效", text: "请重新扫描二维码，或向发送者索取新的链接。" },
  otherError: "无法扫描",
};

export function wordsFor(language: string): Words {
  return language.toLowerCase().startsWith("zh") ? chinese : english;
}

export function errorMessage(words: Words, { errCode, errMsg, returncode }: ScanError): Message {
  if (returncode === TOKEN_NOT_VALID) return words.expired;
  if (!navigator.mediaDevices && errCode === codes.cameraUnavailable) return words.insecure;
  return words.errors[errCode] ?? { title: words.otherError, text: errMsg };
}
