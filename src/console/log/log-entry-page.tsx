import type { Change } from "../../changes/change.ts";
import type { NamedResource } from "../../directory/named-resources.ts";
import { explainFailure, explainRequest, foundIn } from "../../log/explain-request.ts";
import type { LogRecord } from "../../log/log-store.ts";
import { MASK } from "../../log/protocol-words.ts";
import type { Stretch } from "../../platform/byte-budget.ts";
import { publicOrigin } from "../../platform/public-origin.ts";
import { type Note, sayNote } from "../../scim/note.ts";
import type { ConsoleContext } from "../console-env.ts";
import { describeChange } from "../people/describe-change.ts";
import { href } from "../routes.ts";
import { LongText } from "../views/form.tsx";
import { Page } from "../views/layout.tsx";
import { Facts } from "./log-entry-facts.tsx";
import { type Curl, printCurl } from "./print-curl.ts";
import { CHANGES, readLogEntry } from "./read-log-entry.ts";

/** One request: what it meant, what it changed, what was sent and answered. */
export async function showLogEntry(c: ConsoleContext) {
  const { company, session } = c.var;
  const { entry, changes, setting, credential, holder } = await readLogEntry(c);
  const notes = entry.notes.filter(({ kind }) => kind !== "name_held");
  const curl = printCurl(entry, publicOrigin(c.env, c.req.url));
  return c.html(
    <Page
      title={explainRequest({ ...entry, found: foundIn(entry.responseBody) })}
      company={company}
      session={session}
      section="log"
      crumbs={[{ label: "Provisioning log", url: href("log", { companyId: company.id }) }]}
    >
      <div class="with-panel">
        {entry.status >= 400 && <Advice companyId={company.id} entry={entry} holder={holder} />}
        <Facts companyId={company.id} entry={entry} setting={setting} credential={credential} />
        <div class="stack">
          {notes.length > 0 && <Notes notes={notes} />}
          {isAboutNobody(entry) && <NobodyNamed />}
          <Changes changes={changes} />
          <Body title="Request body" text={entry.requestBody} />
          {entry.requestBody === null && WITH_BODY.has(entry.method) && <NotKept />}
          <Body title="Answer" text={entry.responseBody} />
          {curl !== null && <AsCurl curl={curl} />}
        </div>
      </div>
    </Page>,
  );
}

/** What a request failed by, and what to do about it. */
function Advice({ companyId, entry, holder }: { companyId: string; entry: LogRecord; holder: NamedResource | null }) {
  const { title, advice } = explainFailure(entry);
  return (
    <section class="notice bad" aria-label="What to do">
      <div class="stack tight">
        <h2>{title}</h2>
        <p>{advice}</p>
        {holder !== null && <Holder companyId={companyId} holder={holder} />}
        {entry.detail !== null && entry.detail !== advice && <p class="small">{`Answered: ${entry.detail}`}</p>}
      </div>
    </section>
  );
}

/** Leads to who has the name that was asked for. */
function Holder({ companyId, holder: { type, id, name, more, seenId } }: { companyId: string; holder: NamedResource }) {
  const page =
    type === "User"
      ? (userId: string) => href("person", { companyId, userId })
      : (groupId: string) => href("group", { companyId, groupId });
  // Of somebody in shadow there is no page, nor of a group that feeds no target group: but there are its requests.
  const url = seenId === null ? href("log", { companyId }, { resource: id }) : page(seenId);
  return (
    <p>
      {type === "User" ? "The name is that of " : "The name is that of the group "}
      <a href={url}>{name}</a>
      {more !== null && more !== name && ` (${more})`}
      {"; "}
      <a href={href("log", { companyId }, { resource: id })}>requests about it</a>.
    </p>
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

/** Whether a question asked for somebody by a name that was not kept: nobody here has it. */
function isAboutNobody({ method, path }: Pick<LogRecord, "method" | "path">): boolean {
  const { searchParams } = new URL(path, "https://rollcall.invalid");
  return method === "GET" && searchParams.get("filter")?.includes(MASK) === true;
}

function NobodyNamed() {
  return (
    <section class="card stack tight" aria-label="Who was asked for">
      <h2>Who was asked for</h2>
      <p>
        Not kept: nobody here had that name when it was asked for, so that it could not be found when a person is to be
        forgotten. Your provider’s own log has it.
      </p>
    </section>
  );
}

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

/** The request as a command that sends it again; the credential is in no log. */
function AsCurl({ curl: { command, missing } }: { curl: Curl }) {
  return (
    <section class="card stack tight" aria-labelledby="curl-title">
      <div class="row between">
        <h2 id="curl-title">As curl</h2>
        <button type="button" data-copy="curl" aria-label="Copy the request as curl">
          Copy
        </button>
      </div>
      <p class="hint">{`Put a token of the setting into $TOKEN. ${missing ?? "It is sent as it was."}`}</p>
      <LongText kind="body" label="The request as curl" id="curl">
        {command}
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
