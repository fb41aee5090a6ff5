import { selectTargetUser, type TargetUser } from "../../directory/target-user-store.ts";
import { runRead } from "../../platform/read-batch.ts";
import type { HeldFigures } from "../../previews/preview-release.ts";
import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform-for-page.ts";
import { atOneMoment } from "../read-page-at-one-moment.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { FormEnd } from "../views/form.tsx";
import { countOf } from "../views/moments-and-counts.tsx";
import { readHeld } from "./asked-decision.ts";
import { HoldFrame } from "./decision-pages.tsx";
import { requireHold } from "./hold-page.tsx";

/** Asks before somebody whose deletion waits is erased, with what goes in numbers. */
export async function showErasure(c: ConsoleContext) {
  const { hold, user, figures } = await atOneMoment(c, () => requireDeleted(c));
  const at = { companyId: c.var.company.id, holdId: hold.id, userId: user.id };
  return c.html(
    <HoldFrame c={c} hold={hold} title={`Erase ${user.userName}?`} lead="This cannot be undone.">
      <form class="card stack" method="post" action={href("eraseHeld", at)}>
        <p>{describe(user, figures)}</p>
        <p>
          The identity provider has deleted them; only this hold keeps them here. Everything held of them is erased:
          fields, and what the history and the provisioning log say of them. The change feed keeps the fact.
        </p>
        <FormEnd cancel={href("hold", at)} label="Erase this person" isDanger />
      </form>
    </HoldFrame>,
  );
}

function describe({ userName }: TargetUser, { memberships, enrolments }: HeldFigures): string {
  const names = enrolments.map(({ name }) => `“${name}”`);
  const left = memberships === 0 ? "leaves no target group" : `leaves ${countOf(memberships, "target group")}`;
  return `${userName} ${left} and is withdrawn from ${names.length === 0 ? "no training" : names.join(", ")}.`;
}

/** Removes and erases somebody whose deletion waits. */
export async function eraseHeld(c: ConsoleContext) {
  const { hold, user } = await requireDeleted(c);
  await perform(c, { kind: "eraseHeld", userId: user.id });
  return c.redirect(href("hold", { companyId: c.var.company.id, holdId: hold.id }, { done: "person-removed" }), 303);
}

/** The person of the path, whose deletion waits in the hold of the path, or 404. */
async function requireDeleted(c: ConsoleContext) {
  const hold = await requireHold(c);
  const userId = c.req.param("userId") ?? "";
  const user = await runRead(c.var.database, selectTargetUser(c.var.company.key, userId));
  const figures = await readHeld(c, hold, { version: hold.version, userIds: [userId] });
  if (user === null || figures.deleted === 0) throw notHere();
  return { hold, user, figures };
}
