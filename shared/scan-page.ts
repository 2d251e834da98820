/** The address of the full-screen scan page, as links and QR codes carry it. */

/** `origin` without a slash at its end. The token stands in the fragment, which no server is sent; without `channel` it is all of the token's. */
export function scanPageAddress(origin: string, token: string, channel?: string): string {
  const query = channel ? `?${new URLSearchParams({ channel })}` : "";
  return `${origin}/webar/${query}#${new URLSearchParams({ token })}`;
}
