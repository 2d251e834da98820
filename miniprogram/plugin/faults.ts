/** The component's error codes; the service's own code stays in `cause`. */

import type { Fault } from "../scanner/scan.ts";

export const codes = {
  cameraRefused: 11001,
  privacyNotAgreed: 11002,
  cameraUnavailable: 11003,
  noFrames: 11004,
  network: 12001,
  timeout: 12002,
  busy: 12003,
  credentials: 12004,
  badAnswer: 12005,
} as const;

/** What `<camera>`'s error event says, as one of ours. */
export function cameraFault(errMsg: string): Fault {
  if (/privacy|scope is not declared|\b(104|112)\b/i.test(errMsg)) {
    return {
      errCode: codes.privacyNotAgreed,
      errMsg: `the privacy terms are not agreed to: ${errMsg}`,
      recoverable: false,
    };
  }
  const denied = /auth|deny|denied|permission/i.test(errMsg);
  if (!denied)
    return { errCode: codes.cameraUnavailable, errMsg: `the camera is not available: ${errMsg}`, recoverable: false };
  const hint = "the camera was refused: offer a button with open-type openSetting";
  return { errCode: codes.cameraRefused, errMsg: `${hint} (${errMsg})`, recoverable: false, isCameraAuthDenied: true };
}
