import { clipText } from "./clip-text.ts";
import { isJsonObject, type Json } from "./json.ts";
import { isSecret, mentionsSecret, REDACTED } from "./secret-attributes.ts";

/** Something about a request that was accepted but deserves a word: what it is, what it is about, and what was sent there. */
export interface Note {
  kind: NoteKind;
  /** The attribute's path as it was sent, or null where the whole request is meant. */
  path: string | null;
  /** What was sent, or how much of it there was, cut; null where nothing is to be kept of it. */
  value: string | null;
}

interface Kind {
  /** Whom it concerns: `told` is listed as sent and not used, `attention` wants an admin, `event` stands in its log entry alone. */
  readonly level: "told" | "attention" | "event";
  /** Whether its value may say something of a person. */
  readonly isPersonal: boolean;
  /** The note as a sentence. */
  say(path: string, value: string): string;
}

/** Every kind of note: those of the provisioning log, of a setting's page, and of the management API. None is renamed. */
export const NOTE_KINDS = {
  unknown_attribute: {
    level: "told",
    isPersonal: true,
    say: (path, value) => `${path} is not an attribute of any schema; it was ignored${sent(value)}.`,
  },
  value_left_out: {
    level: "told",
    isPersonal: true,
    say: (path, value) => `${path} does not take what was sent for it${sent(value)}; it was left out.`,
  },
  value_too_long: {
    level: "told",
    isPersonal: true,
    say: (path, value) => `${path} is too long to be kept where no field reads it${sent(value)}; it was left out.`,
  },
  kept_active: {
    level: "told",
    isPersonal: false,
    say: (path) => `${path} cannot be taken away: it stays as it was.`,
  },
  members_kept: {
    level: "told",
    isPersonal: false,
    say: (path) =>
      `${path} was sent as null beside other attributes, which says nothing: the members stay as they were.`,
  },
  members_not_sent: {
    level: "told",
    isPersonal: false,
    say: (path) =>
      `${path} was not sent: the group keeps those it has. If this client leaves members out when the last one goes, change how the setting takes that.`,
  },
  nothing_named: {
    level: "told",
    isPersonal: false,
    say: (path) => `${path === "" ? "The request" : path} named nothing to change, so nothing was changed.`,
  },
  beside_operations: {
    level: "told",
    isPersonal: true,
    say: (path, value) => `${path} stands beside Operations, where no attribute is read; it was ignored${sent(value)}.`,
  },
  value_ignored: {
    level: "told",
    isPersonal: true,
    say: (path, value) =>
      `${path} was removed, though its value was another one than what was sent with it${sent(value)}.`,
  },
  primary_twice: {
    level: "told",
    isPersonal: true,
    say: (path, value) =>
      `${path} names more than one value as primary: the first is, the others are not${sent(value)}.`,
  },
  one_of_several: {
    level: "told",
    isPersonal: true,
    say: (path, value) =>
      `${path} holds several values of which none is primary: its field takes the first${sent(value)}.`,
  },
  nothing_removed: {
    level: "event",
    isPersonal: false,
    say: (path) => `${path} was to be removed and was not there.`,
  },
  emptied: {
    level: "attention",
    isPersonal: true,
    say: (path, value) => `${path} does not fit its field${sent(value)}; the field is empty now.`,
  },
  name_too_long: {
    level: "attention",
    isPersonal: true,
    say: (path, value) =>
      `${path}: ${JSON.stringify(value === "" ? "…" : value)} has more than 256 characters, so it gives no target group.`,
  },
  name_shared: {
    level: "attention",
    isPersonal: true,
    say: (path, value) =>
      `${path}: ${value === "" ? "a name" : JSON.stringify(value)} is the same as another one since ß counts as ss and a final sigma as a sigma. Both stay; only the older one is found by the name until one of them is renamed.`,
  },
  renewal_withdraws: {
    level: "attention",
    isPersonal: false,
    say: (path, value) =>
      `${path}: values stored before were read anew by the rules of today, people changed groups by it, and enrolments were withdrawn${value === "" ? "" : `: ${value}`}.`,
  },
  name_kept: {
    level: "attention",
    isPersonal: true,
    say: (path, value) =>
      `${path}: ${JSON.stringify(value === "" ? "…" : value)} has more than 256 characters, so the target group keeps the name it had, its members and its trainings.`,
  },
  near_quota: {
    level: "event",
    isPersonal: false,
    say: (_path, value) => `The stored text of this user comes near what one may have: ${value} bytes.`,
  },
  /** These two stand in rows of before the brake, for as long as the log keeps them; nothing notes them any more. */
  mass_removal: {
    level: "event",
    isPersonal: false,
    say: (_path, value) => `Mass change: this request removed ${value} members of the group.`,
  },
  mass_change: {
    level: "event",
    isPersonal: false,
    say: (_path, value) =>
      `Mass change: ${value} active users of this SCIM setting were deactivated or deleted within an hour.`,
  },
  held: {
    level: "event",
    isPersonal: false,
    say: (_path, value) =>
      `Brake: what this request takes from ${value === "1" ? "1 person" : `${value} people`} waits for an admin's decision.`,
  },
  /** Of a name that is taken: the id of the user or group that has it. */
  name_held: {
    level: "event",
    isPersonal: false,
    say: (path, value) => `${path} is that of another one, which has the id ${value}.`,
  },
  rename_withdraws: {
    level: "event",
    isPersonal: false,
    say: (_path, value) => `Rename: ${value}.`,
  },
  more: {
    level: "event",
    isPersonal: false,
    say: (_path, value) => `… and ${value} more, which are not kept.`,
  },
  /** What was noted before notes had kinds: a whole sentence. */
  text: { level: "event", isPersonal: true, say: (_path, value) => value },
} as const satisfies Record<string, Kind>;

/** A kind of note. */
export type NoteKind = keyof typeof NOTE_KINDS;

/** The longest path of a note, in characters. */
const PATH_LENGTH = 160;
const VALUE_LENGTH = 120;

/** A note as a sentence for people. */
export function sayNote({ kind, path, value }: Note): string {
  return NOTE_KINDS[kind].say(path ?? "", value ?? "");
}

/** Whom a kind of note concerns. */
export function levelOf(kind: NoteKind): Kind["level"] {
  return NOTE_KINDS[kind].level;
}

/** A note of what was sent at a path, cut, with no secret in it. */
export function noteOf(kind: NoteKind, path: string | null, value: Json = null): Note {
  return {
    kind,
    path: path === null ? null : clipText(path, PATH_LENGTH),
    value: mentionsSecret(path ?? "") ? null : showValue(value),
  };
}

/** A note of one operation of a Bulk request, of which the places count from 0: `Operations[3].data.title`. */
export function inOperation(place: number, note: Note): Note {
  if (note.kind === "more") return note;
  const path = `Operations[${place}]${note.path === null ? "" : `.data.${note.path}`}`;
  return { ...note, path: clipText(path, PATH_LENGTH) };
}

/** The place of the operation of a Bulk request that a note's path leads to, or null. */
export function placeIn(path: string | null): number | null {
  const place = /^Operations\[(\d+)\]/.exec(path ?? "")?.[1];
  return place === undefined ? null : Number(place);
}

/** The attribute that a note's path leads to, in whichever operation of a Bulk request it stands; else the path as it is. */
export function attributeIn(path: string | null): string | null {
  if (path === null) return null;
  return path.replace(/^Operations\[\d+\]\.data\./, "").replace(/^Operations\[\d+\]/, "Operations");
}

function showValue(value: Json): string | null {
  if (value === null) return null;
  if (typeof value === "string") return clipText(value, VALUE_LENGTH);
  return clipText(JSON.stringify(beginningOf(value)), VALUE_LENGTH);
}

/** As much of a value as may be shown, without secrets. */
function beginningOf(value: Json): Json {
  if (typeof value === "string") return clipText(value, VALUE_LENGTH);
  if (Array.isArray(value)) return value.slice(0, VALUE_LENGTH).map(beginningOf);
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).slice(0, VALUE_LENGTH);
  return Object.fromEntries(names.map((name) => [name, isSecret(name) ? REDACTED : beginningOf(value[name] ?? null)]));
}

function sent(value: string): string {
  return value === "" ? "" : ` (${JSON.stringify(value)})`;
}
