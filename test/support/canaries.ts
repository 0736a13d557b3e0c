/** Sixty secrets and personal values for tests, which plant them in every input of a worker. */
export const canaries = {
  // Secrets of the configuration.
  genesysSecret: "not-a-secret-here",
  basicCredentials: Buffer.from("ringahead-sandbox:not-a-secret-here").toString("base64"),
  awsSecretKey: "canary-aws-secret-key-01",
  awsSessionToken: "canary-aws-session-token-02",
  otlpHeader: "canary-otlp-header-03",
  redisPassword: "canary-redis-password-04",
  // Secrets that the APIs send.
  oracleToken: "canary-oracle-token-05",
  genesysToken: "canary-genesys-token-06",
  tokenRefusal: "canary-token-refusal-07",
  tokenHash: "canary-token-hash-08",
  cookie: "canary-cookie-09",
  challenge: "canary-challenge-10",
  location: "canary-location-11",
  contentType: "canary-content-type-12",
  oracleErrorBody: "canary-oracle-error-13",
  genesysErrorMessage: "canary-genesys-message-15",
  genesysErrorCode: "canary code 16",
  genesysContextId: "canary context 17",
  genesysLimitKey: "canary limit 18",
  genesysCorrelationHeader: "canary correlation 19",
  // Personal data in events.
  aniE164: "15550190121",
  aniNational: "5550190122",
  sipDisplayName: "Canary Sipname-23",
  sipNumber: "15550190124",
  withheldName: "Canary Withheld-25",
  dialled: "15550190126",
  callback: "5550190127",
  sms: "15550190128",
  whatsapp: "15550190129",
  email: "canary.mail-30@example.com",
  emailName: "Canary Mailname-31",
  webAddress: "canary-web-visitor-32@9",
  subjectOfEvent: "Canary event subject 33",
  unknownField: "Canary unknown field 34",
  correlationId: "+15550190135",
  mediaType: "canary.media-36@example.com",
  topic: "v2.canary topic 37",
  agentName: "Canary Agent-38",
  ipAddress: "203.0.113.239",
  operationsName: "Canary Operations-40",
  operationsValue: "canary.operations-41@example.com",
  attributeValue: "Canary attribute 42",
  notJson: "canary not json 43",
  oddConversationId: "+15550190144",
  // Personal data in Oracle and external contacts.
  contactPhone: "15550190145",
  customerName: "Canaryfirst-46 Canarylast-47",
  accountName: "Canary Account-48",
  caseSubject: "Canary case subject 49",
  cardNumber: "4111 1111 1111 1111",
  contactEmail: "canary.contact-50@example.com",
  // Responses of the other dialects of Oracle, and secrets to reach them and to sign in.
  crestError: "canary crest error 51",
  crestToken: "canary-crest-token-52",
  fusionTitle: "canary fusion title 53",
  fusionDetail: "canary fusion detail 54",
  fusionText: "canary fusion text 55",
  oracleTrace: "canary-ecid-56",
  proxyUser: "canary-proxy-user-57",
  proxyPassword: "canary-proxy-password-58",
  oraclePassword: "canary-oracle-password-59",
  assertionRefusal: "canary assertion refusal 60",
} as const;

/** The forms in which each value could leak. */
const spelled: readonly string[] = Object.values(canaries).flatMap((value) => {
  const digits = value.replace(/\D/g, "");
  const isNumber = /^\+?[\d ]+$/.test(value);
  return isNumber ? [value, digits, digits.slice(-10), digits.slice(-7)] : [value];
});

/** The planted values in a text. */
export function leakedInto(text: string): string[] {
  const plain = text.toLowerCase();
  return [...new Set(spelled.filter((canary) => plain.includes(canary.toLowerCase())))];
}
