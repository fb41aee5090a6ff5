import type { Child } from "hono/jsx";
import type { TargetUser } from "../../directory/target-user-store.ts";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { Page } from "../views/layout.tsx";
import { fullNameOf } from "./require-person.ts";

interface FrameProps {
  c: ConsoleContext;
  user: TargetUser;
  title: string;
  lead: Child;
  /** Whether it is a list, which takes the width that there is. */
  isWide?: boolean;
  children?: Child;
}

/** A page below a person's own, where something is done to the person. */
export function PersonFrame({ c, user, title, lead, isWide = false, children }: FrameProps) {
  const { company, session } = c.var;
  const crumbs = [
    { label: "People", url: href("people", { companyId: company.id }) },
    { label: fullNameOf(user), url: href("person", { companyId: company.id, userId: user.id }) },
  ];
  return (
    <Page
      title={title}
      company={company}
      session={session}
      section="people"
      crumbs={crumbs}
      lead={lead}
      narrow={!isWide}
    >
      {children}
    </Page>
  );
}
