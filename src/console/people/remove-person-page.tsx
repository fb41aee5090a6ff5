import type { ConsoleContext } from "../console-env.ts";
import { perform } from "../perform.ts";
import { href } from "../routes.ts";
import { Page } from "../views/layout.tsx";
import { countOf } from "../views/parts.tsx";
import { type Departure, findDeparture } from "./departure-store.ts";
import { fullNameOf, requireUnmanaged } from "./require-person.ts";

/** Asks before somebody without a connection is removed, with what goes in numbers. */
export async function showRemoval(c: ConsoleContext) {
  const { user } = await requireUnmanaged(c);
  const at = { companyId: c.var.company.id, userId: user.id };
  const name = fullNameOf(user);
  return c.html(
    <Page
      title={`Remove ${name}?`}
      company={c.var.company}
      session={c.var.session}
      section="people"
      crumbs={[
        { label: "People", url: href("people", { companyId: at.companyId }) },
        { label: name, url: href("person", at) },
      ]}
      lead="This cannot be undone."
      narrow
    >
      <form class="card stack" method="post" action={href("removePerson", at)}>
        <p>{`${user.userName} ${describeDeparture(await findDeparture(c.var.database, user.key))}`}</p>
        <p>
          Everything held of them is erased: fields, SCIM attributes, and what the history and the provisioning log say
          of them. The change feed keeps the fact that they were removed.
        </p>
        <div class="actions">
          <a class="button" href={href("person", at)}>
            Cancel
          </a>
          <button class="danger" type="submit">
            Remove this person
          </button>
        </div>
      </form>
    </Page>,
  );
}

function describeDeparture({ groups, withdrawn, handedOver }: Departure): string {
  const parts = [
    groups === 0 ? "is in no target group" : `leaves ${countOf(groups, "target group")}`,
    withdrawn === 0 ? "is withdrawn from no training" : `is withdrawn from ${describeEnrolments(withdrawn)}`,
  ];
  const goesOn = `${describeEnrolments(handedOver)} ${handedOver === 1 ? "goes" : "go"} on`;
  const rest = handedOver === 0 ? "" : ` ${goesOn} through another user of the same person.`;
  return `${parts.join(" and ")}.${rest}`;
}

/** Open enrolments by number. */
export function describeEnrolments(count: number): string {
  return countOf(count, "training or simulation", "trainings and simulations");
}

/** Removes and erases the person. */
export async function removePerson(c: ConsoleContext) {
  const { user } = await requireUnmanaged(c);
  await perform(c, { kind: "removeTargetUser", userId: user.id });
  return c.redirect(href("people", { companyId: c.var.company.id }, { done: "person-removed" }), 303);
}
