/** FindImage over wx.request, or wx.uploadFile for a file. */

import { type Access, askBy, type Call, networkFault, type Reply } from "../scanner/ask.ts";
import type { Picture, Question } from "../scanner/scanner.ts";
import { multipart } from "./multipart.ts";

export function ask(picture: Picture, access: Access, keepToken?: (token: string) => void): Question {
  return askBy(startCall, picture, access, keepToken);
}

/** Opens the connection that questions take; whether the deployment answers. */
export function wake(endpoint: string, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    wx.request({
      url: `${withoutSlash(endpoint)}/health`,
      timeout: timeoutMs,
      enableHttp2: true,
      enableQuic: true,
      success: ({ statusCode }) => resolve(statusCode === 200),
      fail: () => resolve(false),
    });
  });
}

function withoutSlash(endpoint: string): string {
  return endpoint.replace(/\/$/, "");
}

function startCall(picture: Picture, access: Access): Call {
  const fields: Record<string, string> = {};
  if (access.channel) fields.channel = access.channel;
  /** There the server knows who asks before it has read the picture: in a rush it refuses at once, or keeps one's turn. */
  const credentials = access.token ? { Authorization: `Bearer ${access.token}` } : {};
  let task: { abort(): void } | undefined;
  const reply = new Promise<Reply>((resolve) => {
    const common = {
      url: `${withoutSlash(access.endpoint)}/FindImage`,
      timeout: access.timeoutMs,
      success: ({ statusCode, data, header }: { statusCode: number; data: unknown; header?: Record<string, string> }) =>
        resolve({ status: statusCode, body: parsed(data), retryAfterMs: retryAfterOf(header) }),
      fail: ({ errMsg }: { errMsg: string }) => resolve({ fault: networkFault(errMsg) }),
    };
    if (picture.kind === "file") {
      const upload = { filePath: picture.path, name: "image", formData: fields, header: credentials };
      task = wx.uploadFile({ ...common, ...upload });
      return;
    }
    const body = multipart(fields, picture.bytes, Math.random);
    const header = { "content-type": body.contentType, ...credentials };
    task = wx.request({ ...common, method: "POST", data: body.data, header, enableHttp2: true, enableQuic: true });
  });
  return { reply, abort: () => task?.abort() };
}

/** wx.uploadFile leaves JSON as text, and so does wx.request where it cannot read it. */
function parsed(data: unknown): unknown {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return undefined;
  }
}

/** Platforms differ in the case of a header's name. */
function retryAfterOf(header: Readonly<Record<string, string>> = {}): number | undefined {
  const name = Object.keys(header).find((key) => key.toLowerCase() === "retry-after");
  const seconds = Number(name && header[name]);
  return seconds > 0 ? 1000 * seconds : undefined;
}
