import { type Change, selectChangesOfRequest } from "../../changes/change-store.ts";
import { explainFailure, explainRequest, foundIn } from "../../log/explain-request.ts";
import { type LogRecord, selectLogEntry, settingOfRequest, timeOfRequest } from "../../log/log-store.ts";
import type { Stretch } from "../../platform/byte-budget.ts";
import { runRead, together } from "../../platform/read-batch.ts";
import { guideOf } from "../../providers/guides.ts";
import { type Note, sayNote } from "../../scim/note.ts";
import { type SettingRecord, selectSetting } from "../../settings/setting-store.ts";
import { isSilent } from "../../settings/shadow.ts";
import type { ConsoleContext } from "../console-env.ts";
import { describeChange } from "../people/describe-change.ts";
import { notHere } from "../refused.ts";
import { href } from "../routes.ts";
import { LongText } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { Moment } from "../views/moments-and-counts.tsx";
import { Pill } from "../views/pills-notices-pager.tsx";
import { OutcomePill } from "./log-page.tsx";

const CHANGES = 100;

/** One request: what it meant, what it changed, what was sent and answered. */
export async function showLogEntry(c: ConsoleContext) {
  const { company, database, session } = c.var;
  const requestId = c.req.param("requestId") ?? "";
  const { entry, changes, setting } = await runRead(
    database,
    together({
      entry: selectLogEntry(company.key, requestId),
      changes: selectChangesOfRequest(
        company.key,
        { id: requestId, time: timeOfRequest(company.key, requestId) },
        CHANGES + 1,
      ),
      setting: selectSetting(company.key, settingOfRequest(company.key, requestId)),
    }),
  );
  if (entry === null) throw notHere();
  return c.html(
    <Page
      title={explainRequest({ ...entry, found: foundIn(entry.responseBody) })}
      company={company}
      session={session}
      section="log"
      crumbs={[{ label: "Provisioning log", url: href("log", { companyId: company.id }) }]}
      narrow
    >
      <div class="stack">
        {entry.status >= 400 && <Advice entry={entry} />}
        <Facts companyId={company.id} entry={entry} setting={setting} />
        {entry.notes.length > 0 && <Notes notes={entry.notes} />}
        <Changes changes={changes} />
        <Body title="Request body" text={entry.requestBody} />
        {entry.requestBody === null && WITH_BODY.has(entry.method) && <NotKept />}
        <Body title="Answer" text={entry.responseBody} />
      </div>
    </Page>,
  );
}

/** What a request failed by, and what to do about it. */
function Advice({ entry }: { entry: LogRecord }) {
  const { title, advice } = explainFailure(entry);
  return (
    <section class="notice bad" aria-label="What to do">
      <div class="stack tight">
        <h2>{title}</h2>
        <p>{advice}</p>
        {entry.detail !== null && entry.detail !== advice && <p class="small">{`Answered: ${entry.detail}`}</p>}
      </div>
    </section>
  );
}

interface FactsProps {
  companyId: string;
  entry: LogRecord;
  setting: SettingRecord | null;
}

function Facts({ companyId, entry, setting }: FactsProps) {
  // Of somebody in shadow there is no page.
  const isHidden = setting !== null && isSilent(setting);
  return (
    <section class="card" aria-label="Facts">
      <dl class="facts">
        <dt>Request</dt>
        <dd class="mono">{`${entry.method} ${entry.path}`}</dd>
        <dt>Outcome</dt>
        <dd>
          <OutcomePill status={entry.status} /> {entry.scimType}
        </dd>
        <dt>Time</dt>
        <dd>
          <Moment time={entry.time} exact />
        </dd>
        <dt>Took</dt>
        <dd>{`${entry.duration} ms`}</dd>
        <dt>SCIM setting</dt>
        <dd>
          {setting === null ? (
            "deleted"
          ) : (
            <a
              href={href("setting", { companyId, settingId: setting.id })}
            >{`${setting.name} (${guideOf(setting.provider).name})`}</a>
          )}
          {isHidden && (
            <>
              {" "}
              <Pill tone="warn">In shadow</Pill>
            </>
          )}
        </dd>
        {entry.label !== null && (
          <>
            <dt>About</dt>
            <dd>
              {entry.resourceType === "User" && entry.resourceId !== null && !isHidden ? (
                <a href={href("person", { companyId, userId: entry.resourceId })}>{entry.label}</a>
              ) : (
                entry.label
              )}
            </dd>
          </>
        )}
        <dt>Request id</dt>
        <dd class="mono">{entry.id}</dd>
      </dl>
    </section>
  );
}

function Notes({ notes }: { notes: readonly Note[] }) {
  return (
    <section class="notice warn" aria-label="Notes">
      <div>
        <h2>Noted</h2>
        <ul>
          {notes.map((note) => (
            <li>{sayNote(note)}</li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Changes({ changes: { rows: changes, isCut } }: { changes: Stretch<Change> }) {
  return (
    <section class="card" aria-labelledby="changes-title">
      <h2 id="changes-title">What it changed</h2>
      {changes.length === 0 && <p class="soft">Nothing that the platform sees.</p>}
      <ul class="bullets">
        {changes.slice(0, CHANGES).map((change) => (
          <li>
            {typeof change.data.userName === "string" && `${change.data.userName}: `}
            {describeChange(change)}
          </li>
        ))}
      </ul>
      {(isCut || changes.length > CHANGES) && (
        <p class="hint">{`The first ${Math.min(changes.length, CHANGES)} are shown; the change feed has all.`}</p>
      )}
    </section>
  );
}

/** Methods that carry a body. */
const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);

function NotKept() {
  return (
    <section class="card stack tight" aria-label="Request body">
      <h2>Request body</h2>
      <p>
        Not kept: it could not be read, or it names nobody, so that it could not be found when a person is to be
        forgotten.
      </p>
    </section>
  );
}

function Body({ title, text }: { title: string; text: string | null }) {
  if (text === null) return null;
  return (
    <section class="card stack tight">
      <h2>{title}</h2>
      <LongText kind="body" label={title}>
        {indent(text)}
      </LongText>
    </section>
  );
}

/** A JSON text indented; one that was cut stays as it is. */
function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
