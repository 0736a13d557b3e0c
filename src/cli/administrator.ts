import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { Failure } from "../domain/failure.ts";
import { port, uuid } from "./setup-options.ts";

/** How an administrator signs in. */
export interface AdministratorArgs {
  readonly loginClient?: string;
  readonly port: number;
  readonly accessToken?: string;
}

const DEFAULT_PORT = 8765;
/** A person has to open a browser and may need a second factor. */
const SIGN_IN_MS = 5 * 60_000;

/** Adds the options of {@link AdministratorArgs}. */
export function withAdministrator(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--login-client <id>",
        "sign in as an administrator with this OAuth client (code authorization, PKCE)",
      ).argParser(uuid),
    )
    .addOption(
      new Option("--port <number>", "the login redirects to http://localhost:<port>/callback")
        .argParser(port)
        .default(DEFAULT_PORT),
    )
    .addOption(
      new Option(
        "--access-token <token>",
        "an administrator's token instead of a login; - reads it from standard input",
      ).conflicts("loginClient"),
    );
}

export interface TokenPrompt {
  readonly loginUrl: string;
  readonly stdin: Readable;
  /** Shows a person what to do. */
  readonly printStatus: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Signs in, or takes the given token.
 * @returns undefined if neither `loginClient` nor `accessToken` is given
 * @throws {Failure}
 */
export async function administratorToken(
  { accessToken, loginClient, port: callbackPort }: AdministratorArgs,
  { loginUrl, stdin, printStatus, signal }: TokenPrompt,
): Promise<string | undefined> {
  if (loginClient !== undefined) {
    const { signInAdministrator } = await import("../operations/setup/sign-in/sign-in.ts");
    return signInAdministrator({
      ...{ loginUrl, clientId: loginClient, port: callbackPort, signal, timeoutMs: SIGN_IN_MS },
      showUrl: (url) => printStatus(`Sign in as an administrator:\n  ${url}`),
    });
  }
  if (accessToken === undefined) return undefined;
  const token = (accessToken === "-" ? await text(stdin) : accessToken).trim();
  if (/^[\w.~+/-]{8,4096}=*$/.test(token)) return token;
  throw new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "worker",
    message: "--access-token holds no access token",
    cure: "Give a token as Genesys Cloud issued it, without `Bearer`, or - to read it from standard input.",
  });
}
