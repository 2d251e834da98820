/** Another picture under the same identifier: graded first, then put in the place of the present one. */

import { useState } from "preact/hooks";
import type { GradeImageAnswer } from "../../../../../shared/protocol.ts";
import { announce } from "../announce.tsx";
import { ask, notAPicture, type Trouble } from "../ask.ts";
import { t } from "../i18n.ts";
import { Dialog } from "../parts/dialog.tsx";
import { GradeReport } from "../parts/grade-report.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { api } from "../session.ts";
import { type Prepared, preparePicture } from "../upload/prepare.ts";

interface Props {
  readonly channel: string;
  readonly identifier: string;
  readonly replaced: () => void;
}

interface Candidate extends Prepared {
  readonly grade: GradeImageAnswer | undefined;
}

export function ReplacePicture({ channel, identifier, replaced }: Props) {
  const [candidate, setCandidate] = useState<Candidate>();
  const [trouble, setTrouble] = useState<Trouble>();
  const [busy, setBusy] = useState(false);
  const choose = async (file: File | undefined) => {
    setTrouble(undefined);
    if (!file) return;
    setBusy(true);
    const prepared = await preparePicture(file);
    if (prepared) {
      const asked = await ask(api().gradeImage({ channel, identifier, image: prepared.image }));
      const grade = asked.ok ? asked.answer : (asked.trouble as GradeImageAnswer);
      if (grade.scores) setCandidate({ ...prepared, grade });
      else if (!asked.ok) setTrouble(asked.trouble);
    } else setTrouble(notAPicture);
    setBusy(false);
  };
  const replace = async () => {
    if (!candidate) return;
    setBusy(true);
    const asked = await ask(api().replaceImage({ channel, identifier, image: candidate.image }));
    setBusy(false);
    if (!asked.ok) return setTrouble(asked.trouble);
    setCandidate(undefined);
    announce(t("replaced", { identifier }));
    replaced();
  };
  return (
    <>
      <label class="button line small" aria-busy={busy}>
        {t(busy ? "grading" : "replace")}
        <input
          type="file"
          accept="image/*"
          disabled={busy}
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      {!candidate && <TroubleNote trouble={trouble} />}
      {candidate?.grade && (
        <Dialog title={t("replaceTitle", { identifier })} close={() => setCandidate(undefined)} wide>
          <GradeReport channel={channel} picture={candidate.thumbnail} grade={candidate.grade} />
          <TroubleNote trouble={trouble} />
          <p class="actions">
            {candidate.grade.level !== 0 && (
              <button type="button" class="button mark" disabled={busy} onClick={replace}>
                {t("replace")}
              </button>
            )}
            <button type="button" class="button line" onClick={() => setCandidate(undefined)}>
              {t("cancel")}
            </button>
          </p>
        </Dialog>
      )}
    </>
  );
}
