/** The error codes of a scan; the service's own code stays in `cause`. */

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
