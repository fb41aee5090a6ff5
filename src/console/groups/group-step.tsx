import type { Child } from "hono/jsx";
import type { ConsoleContext } from "../console-env.ts";
import { href } from "../routes.ts";
import { Page } from "../views/layout.tsx";

interface Props {
  c: ConsoleContext;
  group: { id: string; name: string };
  title: string;
  lead: string;
  /** Whether it is a list, which takes the width that there is. */
  isWide?: boolean;
  children?: Child;
}

/** A page that asks something about a target group before it is done, with the way back to the group. */
export function GroupStep({ c, group, title, lead, isWide = false, children }: Props) {
  const { company, session } = c.var;
  return (
    <Page
      title={title}
      company={company}
      session={session}
      section="groups"
      crumbs={[
        { label: "Target groups", url: href("groups", { companyId: company.id }) },
        { label: group.name, url: href("group", { companyId: company.id, groupId: group.id }) },
      ]}
      lead={lead}
      narrow={!isWide}
    >
      {children}
    </Page>
  );
}
