/** The page's words in English and Chinese, and the choice between them. Words that never change stand in index.html in English. */

const english = {
  allChannels: "all of yours",
  wrongCredentials: "User name or secret key is not correct.",
  tokenEnded: "The query token has ended. Connect again to go on.",
  connectUnanswered: "The server does not answer. Is it running?",
  levelOf: "{level} of 5",
  rawMetadata: "Raw JSON",
  typeText: "Text",
  typeLink: "Link",
  typeVideo: "Video",
  typeImage: "Image",
  decode: "Decode",
  extract: "Extract",
  search: "Search",
  verify: "Verify",
  network: "Network",
  total: "Server total",
  looking: "Looking…",
  recognized: "Recognized: {identifier}",
  nothing: "Nothing recognized",
  nothingText: "No picture of this channel is in the frame. Fill more of the frame with it, or try one from below.",
  poor: "Too little detail",
  poorText: "More light, hold still, come nearer.",
  busy: "The server is busy",
  unreachable: "The server does not answer",
  retryIn: "Trying again in {seconds} s.",
  refused: "Not answered (code {code})",
  request: "Request {requestid}",
  cameraRefused: "No access to the camera",
  cameraRefusedText: "Allow the camera for this page in the browser's settings, or choose a photo.",
  cameraMissing: "No camera found",
  cameraMissingText: "Connect one, or choose a photo.",
  cameraInsecure: "The camera needs HTTPS",
  cameraInsecureText: "Browsers open the camera only for https:// pages and for localhost. Photos work here too.",
  notPicture: "Not a picture the browser can read",
  notPictureText: "Choose a JPEG, PNG or WebP.",
  kind_poster: "Poster",
  kind_cover: "Cover",
  kind_card: "Card",
  kind_label: "Label",
};

export type TextKey = keyof typeof english;

const chinese: Record<TextKey, string> = {
  allChannels: "你的全部频道",
  wrongCredentials: "用户名或密钥不正确。",
  tokenEnded: "查询令牌已失效，请重新连接。",
  connectUnanswered: "服务器没有响应，它在运行吗？",
  levelOf: "{level} 级，共 5 级",
  rawMetadata: "原始 JSON",
  typeText: "文字",
  typeLink: "链接",
  typeVideo: "视频",
  typeImage: "图片",
  decode: "解码",
  extract: "特征提取",
  search: "检索",
  verify: "验证",
  network: "网络",
  total: "服务器合计",
  looking: "正在寻找…",
  recognized: "已识别：{identifier}",
  nothing: "没有识别到图片",
  nothingText: "画面里没有这个频道的图片。靠近一些让图占满画面，或试试下面的图片。",
  poor: "画面细节太少",
  poorText: "光线亮一些，拿稳，再靠近一点。",
  busy: "服务器繁忙",
  unreachable: "服务器没有响应",
  retryIn: "{seconds} 秒后重试。",
  refused: "未能识别（代码 {code}）",
  request: "请求编号 {requestid}",
  cameraRefused: "无法使用摄像头",
  cameraRefusedText: "请在浏览器设置中允许本页使用摄像头，或选择一张照片。",
  cameraMissing: "没有找到摄像头",
  cameraMissingText: "请连接摄像头，或选择一张照片。",
  cameraInsecure: "摄像头需要 HTTPS",
  cameraInsecureText: "浏览器只允许 https:// 页面和 localhost 使用摄像头。照片仍可使用。",
  notPicture: "浏览器无法读取这张图片",
  notPictureText: "请选择 JPEG、PNG 或 WebP。",
  kind_poster: "海报",
  kind_cover: "封面",
  kind_card: "卡片",
  kind_label: "标签",
};

/** By the `data-text` or `data-label` of the element in index.html. */
const pageInChinese: Readonly<Record<string, string>> = {
  tagline: "面向 AR 的开源图像识别",
  console: "控制台",
  health: "服务状态",
  language: "语言",
  stage: "扫描",
  result: "识别结果",
  welcomeTitle: "给它看一张图",
  welcomeText: "海报、封面、包装、卡片、画作：Lookmark 认出是哪一张，并标出它的位置。",
  startCamera: "打开摄像头",
  stopCamera: "关闭摄像头",
  choosePhoto: "选择照片",
  dropOrPaste: "也可以拖入或粘贴",
  drop: "松开即可扫描",
  channel: "频道",
  disconnect: "断开",
  connectTitle: "连接你的频道",
  connectText: "密钥只用一次，用来换取一小时有效的查询令牌，不会被保存。",
  username: "用户名",
  secretkey: "密钥",
  channelOptional: "频道（留空：你的全部频道）",
  connect: "连接",
  step1Title: "从下面挑一张图",
  step1Text: "在另一块屏幕上打开，或打印出来。你自己频道里的图也一样。",
  step2Title: "放到摄像头前",
  step2Text: "倾斜、旋转、遮住一部分都没关系，拍成照片也可以。",
  step3Title: "看服务器看到了什么",
  step3Text: "是哪张图、在画面何处、有多大把握、每一步用了多久。",
  score: "得分",
  level: "识别等级",
  took: "往返耗时",
  retry: "重试",
  galleryTitle: "试试这些图片",
  galleryText: "在另一块屏幕上放大显示，或打印出来，放到摄像头前。",
  holdBeforeCamera: "把这张图放到摄像头前。",
  scanSample: "扫描这张图",
  print: "打印",
  openFile: "打开文件",
  close: "关闭",
  privacy: "画面只发送到本服务器。",
};

const tables = { en: english, zh: chinese };
type Language = keyof typeof tables;
const STORAGE_KEY = "lookmark.language";

let language: Language = preferred();

function preferred(): Language {
  const wanted = localStorage.getItem(STORAGE_KEY) ?? navigator.language;
  return wanted.startsWith("zh") ? "zh" : "en";
}

/** `{name}` in the text is replaced by the fact of that name. */
export function text(key: TextKey, facts: Readonly<Record<string, string | number>> = {}): string {
  return tables[language][key].replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ""));
}

/** The text of a key put together at run time, or `otherwise` where there is none. */
export function textOr(key: string, otherwise: string): string {
  return key in english ? text(key as TextKey) : otherwise;
}

/** Puts the page's own words into the chosen language, now and at each choice, which `changed` follows. */
export function translatePage(changed: () => void): void {
  const buttons = document.querySelectorAll<HTMLButtonElement>("[data-language]");
  const texts = [...document.querySelectorAll<HTMLElement>("[data-text]")].map((element) => ({
    element,
    english: element.textContent,
  }));
  const labels = [...document.querySelectorAll<HTMLElement>("[data-label]")].map((element) => ({
    element,
    english: element.ariaLabel,
  }));
  const translate = () => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    for (const { element, english } of texts) element.textContent = pageText(element.dataset.text, english);
    for (const { element, english } of labels) element.ariaLabel = pageText(element.dataset.label, english);
    for (const button of buttons) button.ariaPressed = String(button.dataset.language === language);
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      language = button.dataset.language as Language;
      localStorage.setItem(STORAGE_KEY, language);
      translate();
      changed();
    });
  }
  translate();
}

function pageText(key: string | undefined, english: string | null): string {
  return (language === "zh" && key && pageInChinese[key]) || (english ?? "");
}
