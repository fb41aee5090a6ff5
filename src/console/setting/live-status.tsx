import type { SettingRecord } from "../../settings/setting-store.ts";
import { countOf, Moment } from "../views/moments-and-counts.tsx";

type Milestones = Pick<
  SettingRecord,
  "firstRequestAt" | "firstUserAt" | "firstGroupAt" | "lastRequestAt" | "users" | "groupCount" | "groupSettings"
>;

/** How far a connection has come: first request, first user, first group, and what is there now. */
export function LiveStatus({ setting }: { setting: Milestones }) {
  const { firstRequestAt, firstUserAt, firstGroupAt, lastRequestAt, users, groupCount } = setting;
  const wantsGroups = setting.groupSettings.criteria === "idp";
  const isThere = firstUserAt !== null && (firstGroupAt !== null || !wantsGroups);
  return (
    <ol class="live">
      <Milestone
        title={firstRequestAt === null ? "Waiting for the first request" : "Connection tested"}
        time={firstRequestAt}
        isNow={firstRequestAt === null}
        waiting="Test the connection at your provider"
      />
      <Milestone
        title={firstUserAt === null ? "First user" : "First user received"}
        time={firstUserAt}
        isNow={firstRequestAt !== null && firstUserAt === null}
        waiting={firstRequestAt === null ? "Not yet" : "Waiting for the first user"}
      />
      {(firstGroupAt !== null || wantsGroups) && (
        <Milestone
          title={firstGroupAt === null ? "First group" : "First group received"}
          time={firstGroupAt}
          isNow={firstUserAt !== null && firstGroupAt === null}
          waiting={firstUserAt === null ? "Not yet" : "Waiting for the first group"}
        />
      )}
      <li class={isThere ? "done" : undefined}>
        <strong>
          {countOf(users.active, "active user")}, {countOf(groupCount, "group")}
        </strong>
        <span class="soft">
          {lastRequestAt === null ? "No request yet" : "Last request "}
          {lastRequestAt !== null && <Moment time={lastRequestAt} />}
        </span>
      </li>
    </ol>
  );
}

function Milestone({
  title,
  time,
  isNow,
  waiting,
}: {
  title: string;
  time: number | null;
  isNow: boolean;
  waiting: string;
}) {
  return (
    <li class={time === null ? (isNow ? "now" : undefined) : "done"}>
      <strong>{title}</strong>
      <span class="soft">{time === null ? waiting : <Moment time={time} exact />}</span>
    </li>
  );
}
