import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { Failure } from "../domain/failure.ts";
import { port, uuid } from "./setup-options.ts";

/** How an administrator says who he is. */
export interface AdministratorArgs {
  readonly loginClient?: string;
  readonly port: number;
  readonly accessToken?: string;
}

/** Usual, and free on most machines. */
const PORT = 8765;
/** A person has to open a browser and may have a second factor to find. */
const SIGN_IN_MS = 5 * 60_000;

/** Adds the options by which an administrator signs in. */
export function withAdministrator(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--login-client <id>",
        "sign in as an administrator with this OAuth client (code authorization, PKCE)",
      ).argParser(uuid),
    )
    .addOption(
      new Option("--port <number>", "the login comes back to http://localhost:<port>/callback")
        .argParser(port)
        .default(PORT),
    )
    .addOption(
      new Option(
        "--access-token <token>",
        "an administrator's token, instead; - for standard input",
      ).conflicts("loginClient"),
    );
}

export interface TokenPrompt {
  readonly loginUrl: string;
  readonly stdin: Readable;
  /** For what a person has to do. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * The administrator's token; undefined where neither way was chosen.
 * @throws {Failure}
 */
export async function administratorToken(
  { accessToken, loginClient, port: at }: AdministratorArgs,
  { loginUrl, stdin, say, signal }: TokenPrompt,
): Promise<string | undefined> {
  if (loginClient !== undefined) {
    const { signInAdministrator } = await import("../operations/setup/sign-in/sign-in.ts");
    return signInAdministrator({
      ...{ loginUrl, clientId: loginClient, port: at, signal, timeoutMs: SIGN_IN_MS },
      say: (url) => say(`Sign in as an administrator:\n  ${url}`),
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
    cure: "Give one as Genesys Cloud issued it, without `Bearer`; - reads it from standard input.",
  });
}
