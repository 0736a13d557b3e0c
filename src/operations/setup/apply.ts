import { asFailure, Failure } from "../../domain/failure.ts";
import { register } from "../data-actions/register.ts";
import type { ActionRegistry } from "../data-actions/registry.ts";
import type { OrgWriter } from "./org/changes.ts";
import type { Change, ClientContent, CreatedIds, Step } from "./plan/step.ts";

/** What the deeds are done with. */
export interface ApplyContext {
  readonly changes: OrgWriter;
  readonly registry: ActionRegistry;
  /** Keeps the worker's secret, which is told this once. */
  readonly keep: (secret: string) => Promise<void>;
  /** Told of each step once it is done. */
  readonly done: (step: Step) => void;
  /** Told before each wait for a grant to hold. */
  readonly settling: () => void;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Grants become true a while later: Genesys' own Terraform provider waits 10 s before it goes on. */
const SETTLING = { tries: 12, everyMs: 5_000 };
const KEEPING = { tries: 4, everyMs: 5_000 };

/**
 * Carries out the steps in their order. Where one fails, those before it stay: the next run begins with an
 * org in which they are done.
 * @returns what is there in the end
 * @throws {Failure} naming the step.
 */
export async function applyStep(
  steps: readonly Step[],
  there: CreatedIds,
  doing: ApplyContext,
): Promise<CreatedIds> {
  let state: State = { made: there, granted: false, integrationId: undefined };
  for (const step of steps) {
    for (const deed of step.deeds) {
      try {
        state = { ...state, ...(await carryOutOne(deed, state, doing)) };
      } catch (error) {
        throw error instanceof Failure ? failedAt(step, error) : error;
      }
    }
    doing.done(step);
  }
  return state.made;
}

/** What later deeds have to know of earlier ones. */
interface State {
  readonly made: CreatedIds;
  /** Whether the role was granted just now. */
  readonly granted: boolean;
  /** The integration that was made last. */
  readonly integrationId: string | undefined;
}

async function carryOutOne(
  deed: Change,
  state: State,
  doing: ApplyContext,
): Promise<Partial<State>> {
  const { changes } = doing;
  const { made } = state;
  switch (deed.kind) {
    case "createRole":
      return { made: { ...made, roleId: await changes.createRole(deed) } };
    case "updateRole":
      await changes.updateRole(deed.id, deed);
      return {};
    case "grantRole":
      await changes.grant(deed.userId, deed.divisionId, known(made.roleId));
      return { granted: true };
    case "takeRoleBack":
      await changes.takeBack(deed.userId, deed.divisionId, known(made.roleId));
      return {};
    case "createClient": {
      const create = () => changes.createClient(rolesIn(deed.content, made));
      const client = await (needsRole(deed.content) ? settled(state, doing, create) : create());
      if (deed.key === "worker") await keep(client.secret, doing);
      return { made: { ...made, clientIds: { ...made.clientIds, [deed.key]: client.id } } };
    }
    case "updateClient": {
      const update = () => changes.updateClient(deed.id, rolesIn(deed.content, made));
      await (needsRole(deed.content) ? settled(state, doing, update) : update());
      return {};
    }
    case "renewSecret":
      await keep(await settled(state, doing, () => changes.renewSecret(deed.clientId)), doing);
      return {};
    case "createIntegration":
      return { integrationId: await changes.createIntegration(deed.type, deed.name) };
    case "configureIntegration": {
      const { credential, properties, ...content } = deed.content;
      const id = known(deed.id ?? state.integrationId);
      const credentials =
        credential === undefined
          ? content.credentials
          : {
              ...content.credentials,
              [credential.key]: await changes.createCredential(credential),
            };
      await changes.configure(id, deed.version, {
        ...content,
        credentials,
        properties: properties(made),
      });
      return {};
    }
    case "enableIntegration":
      await changes.enable(known(deed.id ?? state.integrationId));
      return {};
    case "registerAction":
      await register(doing.registry, deed.definition, {
        integration: deed.integration,
        dryRun: false,
      });
      return {};
  }
}

function needsRole({ divisionId }: ClientContent): boolean {
  return divisionId !== undefined;
}

/** A client with the roles that it is to have. */
function rolesIn(content: ClientContent, { roleId }: CreatedIds) {
  const { divisionId, otherRoles, ...rest } = content;
  const roles =
    divisionId === undefined ? [] : [...otherRoles, { roleId: known(roleId), divisionId }];
  return { ...rest, roles };
}

/** Tries again for a while where a grant of just now may not be known everywhere yet. */
async function settled<T>(
  { granted }: State,
  doing: ApplyContext,
  act: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      const isRefused = error instanceof Failure && (error.status === 403 || error.status === 400);
      if (!granted || !isRefused || attempt === SETTLING.tries) throw error;
      doing.settling();
      await doing.pause(SETTLING.everyMs, doing.signal);
    }
  }
}

/** It is told this once: what may pass is waited for, and what does not costs the secret. */
async function keep(secret: string | undefined, doing: ApplyContext): Promise<void> {
  if (secret === undefined) throw noSecret();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await doing.keep(secret);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.kind !== "retryable" || attempt === KEEPING.tries) throw lost(failure);
      await doing.pause(KEEPING.everyMs, doing.signal).catch(() => {
        throw lost(failure);
      });
    }
  }
}

function lost(failure: Failure): Failure {
  return new Failure({
    ...failure,
    message: `its secret could not be kept, and nobody can read it any more: ${failure.message}`,
    cure: `${failure.cure} The client is there: have it make a new secret with --new-secret.`,
  });
}

function noSecret(): Failure {
  return new Failure({
    kind: "retryable",
    code: "malformed_answer",
    source: "genesys",
    message: "Genesys Cloud made the client and told no secret",
    cure: "Run again with --new-secret.",
  });
}

/** Deeds come in an order in which what they need is there. */
function known(id: string | undefined): string {
  if (id === undefined) throw new TypeError("a deed came before what it needs");
  return id;
}

function failedAt(step: Step, failure: Failure): Failure {
  return new Failure({
    ...failure,
    message: `${step.thing} could not be made as planned: ${failure.message}`,
    cure: `${failure.cure} What came before it stays; run again, and the rest is planned anew.`,
  });
}
