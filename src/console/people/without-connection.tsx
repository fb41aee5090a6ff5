import type { TargetUser } from "../../directory/target-user-store.ts";
import { href } from "../routes.ts";
import { Hidden } from "../views/form.tsx";
import { Notice } from "../views/pills-notices-pager.tsx";

/** Whether the console may edit and remove somebody: nobody else keeps them up to date. */
export function isEditable({ managed, beingRemoved }: TargetUser): boolean {
  return !managed && !beingRemoved;
}

/** Says why nobody keeps a person up to date. */
export function WithoutConnection({ user }: { user: TargetUser }) {
  return (
    <Notice tone="warn">
      <p>{describeLoss(user)}</p>
    </Notice>
  );
}

function describeLoss({ setting: { name }, beingRemoved, deletion }: TargetUser): string {
  if (beingRemoved)
    return `Being removed: the SCIM setting “${name}” was deleted with its people, who go one after the other.`;
  const why =
    deletion === "kept"
      ? `the identity provider deleted this person through the SCIM setting “${name}”, and an admin kept them: nothing keeps them`
      : `the SCIM setting “${name}” was deleted, and nothing keeps this person`;
  return `Without a connection: ${why} up to date. They stay in their target groups and enrolments until somebody edits or removes them.`;
}

/** How somebody without a connection is made inactive, active again, or removed. */
export function Ending({ companyId, user }: { companyId: string; user: TargetUser }) {
  const at = { companyId, userId: user.id };
  return (
    <section class="card stack tight" aria-labelledby="ending-title">
      <h2 id="ending-title">{user.active ? "Make inactive, or remove" : "Make active, or remove"}</h2>
      <p class="soft">
        {user.active
          ? "Both end the trainings and take the person out of the target groups that a rule gave; removing erases them."
          : "Made active the person comes back to the target groups given by hand; removing erases them."}
      </p>
      <div class="row">
        {user.active ? (
          <a class="button danger" href={href("personStatus", at)}>
            Make inactive…
          </a>
        ) : (
          <form method="post" action={href("personStatus", at)}>
            <Hidden values={{ status: "active" }} />
            <button type="submit">Make active</button>
          </form>
        )}
        <a class="button danger" href={href("removePerson", at)}>
          Remove this person…
        </a>
      </div>
    </section>
  );
}
