import { type Accident, playAccident } from "./accident.ts";
import { createBelief, isThere, membersOf } from "./belief.ts";
import { createCompany } from "./company.ts";
import { compareScim, readSnapshot } from "./compare-scim.ts";
import { compareTarget, type TargetCounts } from "./compare-target.ts";
import { lendDialect } from "./lend-dialect.ts";
import { arrive, arriveLate, live } from "./life.ts";
import { type LifePlan, planLife } from "./life-plan.ts";
import {
  announceLosses,
  createManagement,
  findSetting,
  type HoldView,
  listHolds,
  type ManagementAccess,
} from "./management.ts";
import { createTurns, runPool, type Task } from "./pool.ts";
import type { Connector, HeadersFor, ProviderName } from "./provider.ts";
import { createEntra, entraHeaders } from "./providers/entra.ts";
import { createJumpcloud, jumpcloudHeaders } from "./providers/jumpcloud.ts";
import { createOkta, oktaHeaders } from "./providers/okta.ts";
import { createOnelogin, oneloginHeaders } from "./providers/onelogin.ts";
import { createPlain, plainHeaders } from "./providers/plain.ts";
import { PLAIN_CLIENTS } from "./providers/plain-clients.ts";
import { createRandom } from "./random.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import type { Session } from "./session.ts";
import { type AuthWay, openSignIn } from "./sign-in.ts";
import { ConnectionProblem, createWire } from "./wire.ts";

/** What to play, and against which server. */
export interface SimulateOptions {
  provider: ProviderName;
  tenantUrl: string;
  token: string;
  /** How it signs in; with the token when not said. */
  auth?: AuthWay;
  users?: number;
  groups?: number;
  seed?: number;
  connections?: number;
  /** Repeat requests, drop replies, run independent requests in any order. */
  chaos?: boolean;
  /** Entra with `aadOptscim062020` on its tenant URL. */
  optscim?: boolean;
  /** Leave out the deletes, so that the directory stays full. */
  keep?: boolean;
  /** A slip to play once everybody has arrived, in place of a life. */
  accident?: Accident;
  /** With it the target side is compared as well. */
  management?: ManagementAccess | null;
  onProgress?: (phase: string, done: number, total: number) => void;
}

/** What a simulation found. */
export interface Simulation {
  differences: string[];
  recorder: Recorder;
  users: number;
  groups: number;
  memberships: number;
  /** Null when the target side was not compared. */
  target: TargetCounts | null;
  /** What waits after an accident; null when none was played, or nobody looked. */
  holds: HoldView[] | null;
  seconds: number;
}

/** Connections each provider keeps open at a time, unless told. */
const CONNECTIONS: Record<ProviderName, number> = {
  entra: 16,
  okta: 8,
  "okta-custom": 8,
  onelogin: 6,
  jumpcloud: 6,
  keycloak: 4,
  authentik: 4,
  syncope: 4,
  pingone: 8,
  oracle: 4,
};

const HEADERS: Record<ProviderName, HeadersFor> = {
  entra: entraHeaders,
  okta: oktaHeaders,
  "okta-custom": oktaHeaders,
  onelogin: oneloginHeaders,
  jumpcloud: jumpcloudHeaders,
  keycloak: plainHeaders,
  authentik: plainHeaders,
  syncope: plainHeaders,
  pingone: plainHeaders,
  oracle: plainHeaders,
};

/** Plays a provider's life against a server and compares what the server then holds with what the provider believes. */
export async function simulate(options: SimulateOptions): Promise<Simulation> {
  const started = performance.now();
  const recorder = createRecorder();
  const differences: string[] = [];
  const signIn = await openSignIn({ ...options, auth: options.auth ?? "token" });
  let bearer = await signIn.bearer();
  const report = (difference: string) => void differences.push(difference);
  const { session, plan } = openSession(options, recorder, { report, bearer: () => bearer });
  const { belief } = session;
  const connector = createConnector(session, options);
  const run = async (title: string, tasks: Task[]) => {
    const order = session.chaos ? session.random.sample(tasks, tasks.length) : tasks;
    options.onProgress?.(title, 0, order.length);
    bearer = await signIn.bearer();
    await runPool(order, session.connections, (done) => options.onProgress?.(title, done, order.length));
  };
  let target: TargetCounts | null = null;
  let holds: HoldView[] | null = null;
  const compareTargets = async () => {
    target = await compareTargetSide(session, connector, options);
  };
  const { accident, management, token, keep = false } = options;
  let restoreDialect = async () => {};
  try {
    if (management) restoreDialect = await lendDialect(management, token, options.provider);
    await run("connection test", [() => connector.testConnection()]);
    if (management) await announceLosses(management, token, accident === undefined ? 1_000_000 : null);
    const before = await readSnapshot(session, connector.pageSize);
    const life = { session, connector, belief, plan, run, inTurn: createTurns(), keep };
    if (accident === undefined) await live(life);
    else {
      await arrive(life);
      await playAccident(life, accident);
      await arriveLate(life);
    }
    await run("compare users and groups", [() => compareScim(session, connector, before)]);
    if (management && accident === undefined) {
      await run("compare target groups", [compareTargets]);
      await announceLosses(management, token, null);
    }
    if (management && accident !== undefined) holds = await listHolds(management, token);
  } finally {
    session.wire.close();
    await restoreDialect();
    await signIn.close();
  }
  const present = belief.groups.filter(({ state }) => state === "present");
  return {
    differences,
    recorder,
    users: belief.users.filter(isThere).length,
    groups: present.length,
    memberships: present.reduce((sum, group) => sum + membersOf(group).length, 0),
    target,
    holds,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Opens what a provider's connector works with, and plans the life that it leads. */
export function openSession(
  options: SimulateOptions,
  recorder: Recorder,
  { report, bearer }: { report: (difference: string) => void; bearer: () => string },
): { session: Session; plan: LifePlan } {
  const { provider, users = 200, groups = 10, seed = 1, tenantUrl, chaos = false } = options;
  const random = createRandom(`${provider} ${seed} ${users}x${groups}`);
  const company = createCompany(random, { provider, seed, users, groups });
  const plan = planLife(company, random);
  const connections = options.connections ?? CONNECTIONS[provider];
  const wire = createWire({
    baseUrl: tenantUrl,
    headersFor: (call) => HEADERS[provider](call, bearer()),
    connections,
    recorder,
    chaos: chaos ? createRandom(`chaos ${provider} ${seed}`) : null,
  });
  const belief = createBelief(company, plan);
  const nonce = crypto.randomUUID().slice(0, 8);
  return { session: { wire, belief, random, chaos, connections, creates: 0, nonce, report }, plan };
}

/** Makes the connector of a provider. */
export function createConnector(session: Session, { provider, optscim }: SimulateOptions): Connector {
  switch (provider) {
    case "entra":
      return createEntra(session, optscim ? "optscim" : "legacy");
    case "okta":
      return createOkta(session, "patch");
    case "okta-custom":
      return createOkta(session, "put");
    case "onelogin":
      return createOnelogin(session);
    case "jumpcloud":
      return createJumpcloud(session);
    default:
      return createPlain(session, PLAIN_CLIENTS[provider]);
  }
}

async function compareTargetSide(
  session: Session,
  connector: Connector,
  { management: access, token }: SimulateOptions,
): Promise<TargetCounts | null> {
  if (access === null || access === undefined) return null;
  const management = createManagement(access);
  const setting = await findSetting(management, access.companyId, token);
  if (setting === null)
    throw new ConnectionProblem(
      `no SCIM setting of ${access.companyId === null ? "any company" : `company ${access.companyId}`} owns the token: leave out --company to have it found, or take another token ("npm run dev -- --info" prints one)`,
    );
  return compareTarget(session, connector, management, setting);
}
