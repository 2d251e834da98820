/** Where pictures are dropped, chosen or pasted. */

import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n.ts";

export function DropZone({ take }: { take: (files: Iterable<File>) => void }) {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => take(event.clipboardData?.files ?? []);
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
  return (
    <section
      class={over ? "drop-zone over" : "drop-zone"}
      aria-label={t("dropZone")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files ?? []);
      }}
    >
      <p class="drop-words">{t("dropHere")}</p>
      <label class="button mark">
        {t("chooseFiles")}
        <input
          type="file"
          accept="image/*"
          multiple
          onChange={(event) => {
            take([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      <p class="fine">{t("dropText")}</p>
    </section>
  );
}
