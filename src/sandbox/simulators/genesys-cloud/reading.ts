import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { GenesysRefusal } from "./error-body.ts";

/** Parses the body. @throws {GenesysRefusal} `invalid.value` with the first invalid field */
export function readBody<Read>(schema: z.ZodType<Read>, request: FastifyRequest): Read {
  return read(schema, request.body);
}

/** Parses the query. @throws {GenesysRefusal} `invalid.value` with the first invalid field */
export function readQuery<Read>(schema: z.ZodType<Read>, request: FastifyRequest): Read {
  return read(schema, request.query);
}

function read<Read>(schema: z.ZodType<Read>, value: unknown): Read {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(issue?.path.join(".") ?? "", issue?.message ?? "invalid");
}

/** The refusal (400) of one field. */
export function invalid(field: string, why: string): GenesysRefusal {
  return new GenesysRefusal("invalid.value", { message: `${field}: ${why}` });
}

/** @throws {GenesysRefusal} `not.found` if the value is undefined */
export function found<Found>(sought: Found | undefined): Found {
  if (sought === undefined) throw new GenesysRefusal("not.found");
  return sought;
}

/** Accepts an empty body with a JSON content type, which Genesys' SDK sends if there is no body. */
export function acceptEmptyBodies(api: FastifyInstance): void {
  api.removeContentTypeParser("application/json");
  api.addContentTypeParser("application/json", { parseAs: "string" }, (_, text, parsed) => {
    try {
      parsed(null, text === "" ? undefined : JSON.parse(text.toString()));
    } catch {
      parsed(new GenesysRefusal("bad.request"));
    }
  });
}
