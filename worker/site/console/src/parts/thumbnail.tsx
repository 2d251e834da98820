/** A picture of the channel. The server draws it when it is first asked for, and may be busy with others: then later. */

import { useEffect, useState } from "preact/hooks";

const TRIES_MOST = 5;
const WAIT_MS = 1500;

/** `address` as the API gave it; only its path counts, since the page's policy loads from its own origin alone. */
export function Thumbnail({ address, alt = "" }: { address: string; alt?: string }) {
  const [tries, setTries] = useState(0);
  const [waiting, setWaiting] = useState(false);
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(
      () => {
        setTries(tries + 1);
        setWaiting(false);
      },
      WAIT_MS * 2 ** tries,
    );
    return () => clearTimeout(timer);
  }, [waiting]);
  const failed = () => setWaiting(tries < TRIES_MOST);
  if (waiting) return <span class="no-picture" />;
  return <img loading="lazy" src={new URL(address).pathname} alt={alt} onError={failed} />;
}
