/** For the operator of the deployment: users with their secret keys, and the channels of each. */

import { useState } from "preact/hooks";
import { useAnswer } from "../ask.ts";
import { t } from "../i18n.ts";
import { NewUser } from "../operator/new-user.tsx";
import { type NewSecret, User } from "../operator/user.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Health } from "../parts/health.tsx";
import { OperatorForm } from "../parts/operator-form.tsx";
import { Pager } from "../parts/pager.tsx";
import { Secret } from "../parts/secret.tsx";
import { TroubleNote } from "../parts/trouble.tsx";
import { adminApi, operatorToken } from "../session.ts";

const PAGE_SIZE = 100;

export function OperatorPage() {
  if (operatorToken.value) return <Users />;
  return (
    <>
      <h1>{t("operator")}</h1>
      <div class="cards">
        <section class="card">
          <OperatorForm />
        </section>
      </div>
    </>
  );
}

function Users() {
  const [trail, setTrail] = useState<readonly string[]>([]);
  const cursor = trail.at(-1);
  const { answer, trouble, reload } = useAnswer(() => adminApi().users({ cursor, limit: PAGE_SIZE }), [cursor]);
  const [opened, setOpened] = useState<string>();
  const [secret, setSecret] = useState<NewSecret>();
  return (
    <>
      <h1>{t("operator")}</h1>
      <div class="cards">
        <section class="card wide" aria-labelledby="users-title">
          <h2 id="users-title">{t("users")}</h2>
          <TroubleNote trouble={trouble} retry={reload} />
          <ul class="users">
            {answer?.users?.map((user) => (
              <li key={user.username} data-user={user.username}>
                <User
                  user={user}
                  opened={opened === user.username}
                  toggle={() => setOpened(opened === user.username ? undefined : user.username)}
                  changed={reload}
                  showSecret={setSecret}
                />
              </li>
            ))}
          </ul>
          {(trail.length > 0 || answer?.cursor) && (
            <p class="actions">
              <Pager trail={trail} setTrail={setTrail} next={answer?.cursor} />
            </p>
          )}
        </section>
        <NewUser made={reload} showSecret={setSecret} />
        <Health />
      </div>
      {secret && (
        <Dialog title={t("secretOf", { username: secret.username })} close={() => setSecret(undefined)}>
          <p>{t("secretOnce")}</p>
          <Secret label={t("secretkey")} value={secret.secretkey} />
        </Dialog>
      )}
    </>
  );
}
