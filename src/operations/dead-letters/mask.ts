/** Fields that hold ids, times and kinds, and no personal data. */
const PLAIN = new Set([
  "version",
  "id",
  "detail-type",
  "source",
  "time",
  "region",
  "topicName",
  "timestamp",
  "eventTime",
  "CorrelationId",
  "conversationId",
  "participantId",
  "sessionId",
  "divisionId",
  "queueId",
  "userId",
  "externalContactId",
  "conversationExternalContactIds",
  "mediaType",
  "messageType",
  "direction",
  "provider",
  "disconnectType",
]);
const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
/** One word without a telephone number. */
const WORD = /^(?!.*\d{7})[\w.:/{}-]{0,160}$/;

/**
 * [pure] The event with everything masked but ids, times and kinds. Control characters are escaped,
 * so that a message cannot send commands to a terminal.
 */
export function maskedBody(body: string): string {
  try {
    return JSON.stringify(mask(JSON.parse(body), ""), undefined, 2);
  } catch {
    return `(${body.length} characters that are not JSON)`;
  }
}

/** [pure] The body unmasked; control characters are escaped. */
export function plainBody(body: string): string {
  try {
    return escapeControls(JSON.stringify(JSON.parse(body), undefined, 2));
  } catch {
    return escapeControls(JSON.stringify(body));
  }
}

/** [pure] Escapes the control and format characters that JSON does not escape. */
export function escapeControls(json: string): string {
  return json.replace(
    /(?!\n)[\p{Cc}\p{Cf}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function mask(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => mask(item, key));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        isWord(name) ? name : hidden(name),
        mask(item, name),
      ]),
    );
  }
  if (typeof value === "string") return PLAIN.has(key) && isWord(value) ? value : hidden(value);
  return typeof value === "number" && key !== "eventTime" ? "(number)" : value;
}

function isWord(text: string): boolean {
  return ISO_TIME.test(text) || WORD.test(text.replace(UUID, ""));
}

function hidden(text: string): string {
  return `(${text.length} characters)`;
}
