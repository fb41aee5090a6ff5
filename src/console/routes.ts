/** Where app.ts mounts the console. */
export const BASE = "/console";

const COMPANY = "/companies/:companyId";
const SETTING = `${COMPANY}/settings/:settingId` as const;
const WEBHOOK = `${COMPANY}/webhooks/:webhookId` as const;
const PERSON = `${COMPANY}/people/:userId` as const;
const GROUP = `${COMPANY}/groups/:groupId` as const;
const HOLD = `${COMPANY}/holds/:holdId` as const;
const ALERT = `${COMPANY}/alerts/:alertId` as const;
const CHANNELS = `${COMPANY}/channels` as const;

/** Every URL of the console, below BASE: links, redirects and tests take them from here. */
export const ROUTES = {
  companies: "/",
  signIn: "/sign-in",
  signOut: "/sign-out",
  signedOut: "/signed-out",
  enter: "/enter/:secret",
  confirmChannel: "/confirm/:seal",
  operatorSessions: "/sessions",
  endOperatorSessions: "/sessions/end",
  endOperatorSession: "/sessions/:sessionId/end",
  asset: "/assets/:name",
  company: COMPANY,
  movement: `${COMPANY}/movement`,
  find: `${COMPANY}/find`,
  settings: `${COMPANY}/settings`,
  newSetting: `${COMPANY}/settings/new`,
  newField: `${COMPANY}/settings/new/field`,
  checkPath: `${COMPANY}/settings/check-path`,
  setting: SETTING,
  renameSetting: `${SETTING}/rename`,
  setup: `${SETTING}/setup`,
  live: `${SETTING}/live`,
  mapping: `${SETTING}/mapping`,
  mappingPreview: `${SETTING}/mapping/preview`,
  mappingCsv: `${SETTING}/mapping/preview.csv`,
  mappingFigures: `${SETTING}/mapping/preview/figures`,
  grouping: `${SETTING}/grouping`,
  groupingPreview: `${SETTING}/grouping/preview`,
  groupingCsv: `${SETTING}/grouping/preview.csv`,
  groupingFigures: `${SETTING}/grouping/preview/figures`,
  dialect: `${SETTING}/dialect`,
  safeguards: `${SETTING}/safeguards`,
  tokens: `${SETTING}/tokens`,
  revokeToken: `${SETTING}/tokens/:tokenId/revoke`,
  clients: `${SETTING}/clients`,
  endClient: `${SETTING}/clients/:clientId/end`,
  clientSecrets: `${SETTING}/clients/:clientId/secrets`,
  endSecret: `${SETTING}/clients/:clientId/secrets/:secretId/end`,
  trusts: `${SETTING}/trusts`,
  endTrust: `${SETTING}/trusts/:trustId/end`,
  dismissFailing: `${SETTING}/dismiss-failing`,
  pauseSetting: `${SETTING}/pause`,
  resumeSetting: `${SETTING}/resume`,
  shadow: `${SETTING}/shadow`,
  shadowFigures: `${SETTING}/shadow/figures`,
  shadowCsv: `${SETTING}/shadow/people.csv`,
  goLive: `${SETTING}/go-live`,
  goLiveFigures: `${SETTING}/go-live/figures`,
  deleteSetting: `${SETTING}/delete`,
  deletionFigures: `${SETTING}/delete/figures`,
  people: `${COMPANY}/people`,
  peopleCsv: `${COMPANY}/people.csv`,
  person: PERSON,
  personExport: `${PERSON}/export`,
  addToGroup: `${PERSON}/groups`,
  editPerson: `${PERSON}/edit`,
  personStatus: `${PERSON}/status`,
  removePerson: `${PERSON}/remove`,
  groups: `${COMPANY}/groups`,
  groupsCsv: `${COMPANY}/groups.csv`,
  group: GROUP,
  groupMembersCsv: `${GROUP}/members.csv`,
  addMember: `${GROUP}/members`,
  removeMember: `${GROUP}/members/:userId/remove`,
  addAutoEnrolment: `${GROUP}/auto-enrolments`,
  additionFigures: `${GROUP}/auto-enrolments/figures`,
  removeAutoEnrolment: `${GROUP}/auto-enrolments/remove`,
  itemRemovalFigures: `${GROUP}/auto-enrolments/remove/figures`,
  undoItem: `${GROUP}/auto-enrolments/undo`,
  undoItemFigures: `${GROUP}/auto-enrolments/undo/figures`,
  chooseItem: `${GROUP}/auto-enrolments/choose`,
  itemTerms: `${GROUP}/auto-enrolments/terms`,
  trainings: `${COMPANY}/trainings`,
  trainingsCsv: `${COMPANY}/trainings.csv`,
  training: `${COMPANY}/trainings/item`,
  trainingCsv: `${COMPANY}/trainings/people.csv`,
  webhooks: `${COMPANY}/webhooks`,
  webhook: WEBHOOK,
  pauseWebhook: `${WEBHOOK}/pause`,
  resumeWebhook: `${WEBHOOK}/resume`,
  rotateWebhookSecret: `${WEBHOOK}/secret`,
  deleteWebhook: `${WEBHOOK}/delete`,
  resendDelivery: `${WEBHOOK}/deliveries/:deliveryId/resend`,
  sessions: `${COMPANY}/sessions`,
  endSessions: `${COMPANY}/sessions/end`,
  endSession: `${COMPANY}/sessions/:sessionId/end`,
  alerts: `${COMPANY}/alerts`,
  alert: ALERT,
  dismissAlert: `${ALERT}/dismiss`,
  channels: CHANNELS,
  removeChannel: `${CHANNELS}/:channelId/remove`,
  testChannel: `${CHANNELS}/:channelId/test`,
  askChannelAgain: `${CHANNELS}/:channelId/again`,
  testWebhook: `${WEBHOOK}/test`,
  plannedWork: `${COMPANY}/planned-work`,
  endPlannedWork: `${COMPANY}/planned-work/end`,
  holds: `${COMPANY}/holds`,
  hold: HOLD,
  heldPeopleCsv: `${HOLD}/people.csv`,
  releaseHold: `${HOLD}/release`,
  releaseFigures: `${HOLD}/release/figures`,
  keepHold: `${HOLD}/keep`,
  keepFigures: `${HOLD}/keep/figures`,
  undoHold: `${HOLD}/undo`,
  eraseHeld: `${HOLD}/people/:userId/erase`,
  log: `${COMPANY}/log`,
  logCsv: `${COMPANY}/log.csv`,
  newRequests: `${COMPANY}/log/new`,
  logEntry: `${COMPANY}/log/:requestId`,
} as const;
export type RouteName = keyof typeof ROUTES;

/** The parameters that a path names: `/a/:b/c` gives `{b: string}`. */
type ParamsOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? { [Key in Name]: string } & ParamsOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? { [Key in Name]: string }
    : unknown;

/** What a link may carry in its query; members without a value are left out. */
export type LinkQuery = Record<string, string | number | null | undefined>;

/** The URL of a route, from the origin's root. */
export function href<Name extends RouteName>(
  name: Name,
  params: ParamsOf<(typeof ROUTES)[Name]>,
  query: LinkQuery = {},
): string {
  const given = new Map(Object.entries(params ?? {}));
  const path = ROUTES[name].replace(/:(\w+)/g, (_match, key: string) => encodeURIComponent(String(given.get(key))));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== null && value !== "") search.set(key, String(value));
  const text = search.toString();
  return `${BASE}${path === "/" ? "" : path}${text === "" ? "" : `?${text}`}`;
}
