/** What the camera says where it fails, be it `<camera>` or VisionKit, as a fault of the scan. */

import { codes } from "../scanner/faults.ts";
import type { Fault } from "../scanner/scan.ts";

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

/** What VKSession.start answers where another source would be refused as well; undefined where one may work. */
export function visionKitFault(status: number): Fault | undefined {
  const reason = REFUSALS[status];
  return reason ? cameraFault(`VKSession.start: ${status} ${reason}`) : undefined;
}

const REFUSALS: Readonly<Record<number, string>> = {
  104: "the user has not agreed to the privacy terms",
  112: "the camera is not declared in the privacy terms",
  2003001: "the system has denied WeChat the camera",
  2003002: "the user has denied the mini-program the camera",
};
