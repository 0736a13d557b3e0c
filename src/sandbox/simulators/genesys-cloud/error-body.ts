import type { Models } from "purecloud-platform-client-v2";

/**
 * The error codes of the simulated operations, with the statuses and messages that the Platform API lists.
 */
const REFUSALS = {
  "bad.request": {
    status: 400,
    message: "The request could not be understood by the server due to malformed syntax.",
  },
  "invalid.value": { status: 400, message: "Value is not valid for field type." },
  "authentication.required": {
    status: 401,
    message: "No authentication bearer token specified in authorization header.",
  },
  "bad.credentials": { status: 401, message: "Invalid login credentials." },
  "missing.any.permissions": {
    status: 403,
    message: "Unable to perform the requested action.",
  },
  "missing.permissions": { status: 403, message: "Unable to perform the requested action." },
  "not.authorized": {
    status: 403,
    message: "You are not authorized to perform the requested action.",
  },
  "not.found": { status: 404, message: "The requested resource was not found." },
  conflict: {
    status: 409,
    message: "The request conflicts with the current state of the target resource.",
  },
  "request.entity.too.large": { status: 413, message: "The request is over the size limit." },
  "unsupported.media.type": {
    status: 415,
    message:
      "Unsupported Media Type - Unsupported or incorrect media type, such as an incorrect Content-Type value in the header.",
  },
  "too.many.requests.retry.after": { status: 429, message: "Rate limit exceeded the maximum." },
  "internal.server.error": {
    status: 500,
    message:
      "The server encountered an unexpected condition which prevented it from fulfilling the request.",
  },
} as const;

export type GenesysRefusalCode = keyof typeof REFUSALS;

/** Thrown by a route: the request is answered with an `ErrorBody`. */
export class GenesysRefusal extends Error {
  override readonly name = "Refusal";
  readonly code: GenesysRefusalCode;
  readonly limit: Models.Limit | undefined;

  constructor(code: GenesysRefusalCode, details: { message?: string; limit?: Models.Limit } = {}) {
    super(details.message ?? REFUSALS[code].message);
    this.code = code;
    this.limit = details.limit;
  }

  get status(): number {
    return REFUSALS[this.code].status;
  }
}

/** The refusal for anything thrown while a request is handled. */
export function asRefusal(thrown: unknown): GenesysRefusal {
  if (thrown instanceof GenesysRefusal) return thrown;
  switch (statusOf(thrown)) {
    case 400:
      return new GenesysRefusal("bad.request");
    case 413:
      return new GenesysRefusal("request.entity.too.large");
    case 415:
      return new GenesysRefusal("unsupported.media.type");
    default:
      return new GenesysRefusal("internal.server.error");
  }
}

function statusOf(thrown: unknown): unknown {
  return thrown instanceof Error && "statusCode" in thrown ? thrown.statusCode : undefined;
}

/** The body of a refusal. @param contextId the correlation id of the answer */
export function errorBody(refusal: GenesysRefusal, contextId: string): Models.ErrorBody {
  return {
    message: refusal.message,
    code: refusal.code,
    status: refusal.status,
    messageParams: {},
    contextId,
    details: [],
    errors: [],
    ...(refusal.limit === undefined ? {} : { limit: refusal.limit }),
  };
}
