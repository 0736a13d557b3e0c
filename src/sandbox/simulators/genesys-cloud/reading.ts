import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { GenesysRefusal } from "./error-body.ts";

/** What a schema makes of a body; where it does not fit, 400 with the first field's name. */
export function readBody<Read>(schema: z.ZodType<Read>, request: FastifyRequest): Read {
  return read(schema, request.body);
}

/** The same for the query. */
export function readQuery<Read>(schema: z.ZodType<Read>, request: FastifyRequest): Read {
  return read(schema, request.query);
}

/** @throws {GenesysRefusal} `invalid.value`, with the first field that does not fit */
function read<Read>(schema: z.ZodType<Read>, value: unknown): Read {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(issue?.path.join(".") ?? "", issue?.message ?? "invalid");
}

/** 400 for one field. */
export function invalid(field: string, why: string): GenesysRefusal {
  return new GenesysRefusal("invalid.value", { message: `${field}: ${why}` });
}

/** What was looked for, or 404. */
export function found<Found>(sought: Found | undefined): Found {
  if (sought === undefined) throw new GenesysRefusal("not.found");
  return sought;
}

/** Genesys' own clients send the content type without a body where an operation takes none. */
export function takeEmptyBodies(api: FastifyInstance): void {
  api.removeContentTypeParser("application/json");
  api.addContentTypeParser("application/json", { parseAs: "string" }, (_, text, parsed) => {
    try {
      parsed(null, text === "" ? undefined : JSON.parse(text.toString()));
    } catch {
      parsed(new GenesysRefusal("bad.request"));
    }
  });
}
