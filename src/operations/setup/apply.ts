import { asFailure, Failure } from "../../domain/failure.ts";
import { register } from "../data-actions/register.ts";
import type { ActionRegistry } from "../data-actions/registry.ts";
import type { OrgWriter } from "./org/org-writer.ts";
import type { Change, ClientContent, CreatedIds, IntegrationContent, Step } from "./plan/step.ts";

export interface ApplyProgress {
  /** Called after each applied step. */
  readonly applied: (step: Step) => void;
  /** Called before each wait for a grant to become effective. @param waitMs */
  readonly waitingForGrant: (waitMs: number) => void;
}

export interface ApplyContext {
  readonly writer: OrgWriter;
  readonly registry: ActionRegistry;
  /** Stores the worker's secret. Genesys Cloud returns it once. */
  readonly storeSecret: (secret: string) => Promise<void>;
  readonly progress: ApplyProgress;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Grants become effective later: Genesys' own Terraform provider waits 10 s before it continues. */
const GRANT_RETRIES = { tries: 12, everyMs: 5_000 };
const STORE_RETRIES = { tries: 4, everyMs: 5_000 };

/**
 * Applies the steps in order. If one fails, the earlier ones stay applied, and the next run plans the rest.
 * @param ids of objects that exist before
 * @returns the ids after all changes
 * @throws {Failure} naming the step
 */
export async function applySteps(
  steps: readonly Step[],
  ids: CreatedIds,
  context: ApplyContext,
): Promise<CreatedIds> {
  let state: State = { ids, isGranted: false, integrationId: undefined };
  for (const step of steps) {
    for (const change of step.changes) {
      try {
        state = { ...state, ...(await applyChange(change, state, context)) };
      } catch (error) {
        throw error instanceof Failure ? failedAt(step, error) : error;
      }
    }
    context.progress.applied(step);
  }
  return state.ids;
}

/** What later changes need to know of earlier ones. */
interface State {
  readonly ids: CreatedIds;
  /** Whether this run granted the role. */
  readonly isGranted: boolean;
  /** The integration that this run created last. */
  readonly integrationId: string | undefined;
}

async function applyChange(
  change: Change,
  state: State,
  context: ApplyContext,
): Promise<Partial<State>> {
  const { writer, registry } = context;
  const { ids } = state;
  switch (change.kind) {
    case "createRole":
      return { ids: { ...ids, roleId: await writer.createRole(change) } };
    case "updateRole":
      await writer.updateRole(change.id, change);
      return {};
    case "grantRole":
      await writer.grant(change.userId, change.divisionId, required(ids.roleId));
      return { isGranted: true };
    case "revokeRole":
      await writer.revoke(change.userId, change.divisionId, required(ids.roleId));
      return {};
    case "createClient":
      return createClient(change, state, context);
    case "updateClient": {
      const update = () => writer.updateClient(change.id, clientWithRoles(change.content, ids));
      await (needsRole(change.content) ? retryForGrant(state, context, update) : update());
      return {};
    }
    case "renewSecret": {
      const renew = () => writer.renewSecret(change.clientId);
      await storeSecret(await retryForGrant(state, context, renew), context);
      return {};
    }
    case "createIntegration":
      return { integrationId: await writer.createIntegration(change.type, change.name) };
    case "configureIntegration":
      await configureIntegration(change, state, writer);
      return {};
    case "enableIntegration":
      await writer.enable(required(change.id ?? state.integrationId));
      return {};
    case "registerAction": {
      const { definition, integration } = change;
      await register(registry, definition, { integration, dryRun: false });
      return {};
    }
  }
}

type ChangeOf<K extends Change["kind"]> = Extract<Change, { readonly kind: K }>;

async function createClient(
  { key, content }: ChangeOf<"createClient">,
  state: State,
  context: ApplyContext,
): Promise<Partial<State>> {
  const { ids } = state;
  const create = () => context.writer.createClient(clientWithRoles(content, ids));
  const client = await (needsRole(content) ? retryForGrant(state, context, create) : create());
  if (key === "worker") await storeSecret(client.secret, context);
  return { ids: { ...ids, clientIds: { ...ids.clientIds, [key]: client.id } } };
}

async function configureIntegration(
  { id, version, content }: ChangeOf<"configureIntegration">,
  { ids, integrationId }: State,
  writer: OrgWriter,
): Promise<void> {
  const { credential: _, properties, ...settings } = content;
  await writer.configure(required(id ?? integrationId), version, {
    ...settings,
    credentials: await credentialsOf(content, writer),
    properties: properties(ids),
  });
}

/** Creates the missing credential first. */
async function credentialsOf(
  { credential, credentials }: IntegrationContent,
  writer: OrgWriter,
): Promise<Readonly<Record<string, string>>> {
  if (credential === undefined) return credentials;
  return { ...credentials, [credential.key]: await writer.createCredential(credential) };
}

function needsRole({ divisionId }: ClientContent): boolean {
  return divisionId !== undefined;
}

function clientWithRoles(content: ClientContent, { roleId }: CreatedIds) {
  const { divisionId, otherRoles, ...rest } = content;
  const roles =
    divisionId === undefined ? [] : [...otherRoles, { roleId: required(roleId), divisionId }];
  return { ...rest, roles };
}

/** Retries a refused call if this run granted the role: the grant may not be effective yet. */
async function retryForGrant<T>(
  { isGranted }: State,
  { progress, pause, signal }: ApplyContext,
  call: () => Promise<T>,
): Promise<T> {
  const { tries, everyMs } = GRANT_RETRIES;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const isRefused = error instanceof Failure && (error.status === 403 || error.status === 400);
      if (!isGranted || !isRefused || attempt === tries) throw error;
      progress.waitingForGrant(everyMs);
      await pause(everyMs, signal);
    }
  }
}

/** Genesys Cloud returns the secret once, so transient failures of the store are retried. */
async function storeSecret(secret: string | undefined, context: ApplyContext): Promise<void> {
  if (secret === undefined) throw noSecret();
  const { tries, everyMs } = STORE_RETRIES;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await context.storeSecret(secret);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind !== "retryable" || attempt === tries) throw lostSecret(failure);
      await context.pause(everyMs, context.signal).catch(() => {
        throw lostSecret(failure);
      });
    }
  }
}

function lostSecret(failure: Failure): Failure {
  return new Failure({
    ...failure,
    message: `its secret could not be stored and is lost: ${failure.message}`,
    cure: `${failure.cure} The client exists: create a new secret for it with --new-secret.`,
  });
}

function noSecret(): Failure {
  return new Failure({
    kind: "retryable",
    code: "malformed_answer",
    source: "genesys",
    message: "Genesys Cloud created the client and returned no secret",
    cure: "Run the command again with --new-secret.",
  });
}

/** The plan orders changes so that every id is known when it is needed. */
function required(id: string | undefined): string {
  if (id === undefined) throw new TypeError("the plan uses an id before it is created");
  return id;
}

function failedAt(step: Step, failure: Failure): Failure {
  return new Failure({
    ...failure,
    message: `${step.thing} could not be set up as planned: ${failure.message}`,
    cure: `${failure.cure} Earlier steps stay done. Run the command again to plan and apply the rest.`,
  });
}
