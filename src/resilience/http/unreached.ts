import { Failure, type FailureSource } from "../../domain/failure.ts";
import { ProxyFailure } from "./tunnel.ts";

/** The request that got no answer. */
interface UnansweredRequest {
  readonly source: FailureSource;
  /** Method and URL, without personal data. */
  readonly what: string;
}

/**
 * [pure] The failure of a request that got no answer. It is `misconfigured` for a wrong certificate and a
 * refusing proxy, because these fail for every conversation until the set-up is corrected.
 * @param cause the error of the connection, not that of the HTTP library
 */
export function failureOfConnection(
  code: string,
  cause: unknown,
  request: UnansweredRequest,
): Failure {
  if (cause instanceof ProxyFailure) return failureOfProxy(cause, request);
  const fault = tlsFault(code);
  if (fault !== undefined) {
    return new Failure({
      kind: "misconfigured",
      code: "certificate",
      source: request.source,
      message: `${request.what} could not be reached: ${fault.description} (${code})`,
      errno: code,
      cure: fault.cure(request.source),
    });
  }
  return new Failure({
    kind: "retryable",
    code: "network",
    source: request.source,
    message: `${request.what} could not be reached (${code})`,
    errno: code,
    cure: "Check the address, DNS, the network route and the firewall.",
  });
}

function failureOfProxy(
  { status, code }: ProxyFailure,
  { source, what }: UnansweredRequest,
): Failure {
  const variable = `${source.toUpperCase()}_PROXY_URL`;
  const fault = tlsFault(code);
  const refused = status !== undefined && status < 500 && status !== 408 && status !== 429;
  return new Failure({
    kind: refused || fault !== undefined ? "misconfigured" : "retryable",
    code: "proxy",
    source,
    // No `status` field: the status is the proxy's, not the API's.
    message:
      status === undefined
        ? `${what}: the proxy could not be reached${fault === undefined ? "" : `: ${fault.description}`} (${code})`
        : `${what}: the proxy answered ${status} to CONNECT`,
    errno: code,
    cure: cureOfProxy(status, variable, fault?.cure(source)),
  });
}

function cureOfProxy(status: number | undefined, variable: string, ofTls: string | undefined) {
  if (status === 407) {
    return `The proxy requires a user and password, or other ones: ${variable}=http://<user>:<password>@<host>:<port>.`;
  }
  if (status === undefined) {
    return ofTls ?? `Check host and port of ${variable}, and that it is reachable from here.`;
  }
  return status < 500
    ? `The proxy refuses tunnels to this host and port: allow them there, or correct ${variable}.`
    : "The proxy could not reach the API: check the log of the proxy.";
}

interface TlsFault {
  readonly description: string;
  readonly cure: (source: FailureSource) => string;
}

/** Only Oracle has its own variables for this; Node's variable is for all connections. */
const trustIt = (source: FailureSource) =>
  `If this is your own authority or an inspecting proxy, put its certificate in ${source === "oracle" ? "ORACLE_CA_FILE" : "a file that NODE_EXTRA_CA_CERTS names"}. Otherwise somebody intercepts the connection.`;
const showIt = (source: FailureSource) =>
  source === "oracle"
    ? "Set ORACLE_CLIENT_CERT_FILE and ORACLE_CLIENT_KEY_FILE to a certificate that the API accepts and that is not expired."
    : "Check what answers at this address: Ringahead presents no client certificate there.";

/** By Node's codes (Node.js, "TLS", X509 certificate error codes) and OpenSSL's alerts. */
function tlsFault(code: string): TlsFault | undefined {
  switch (code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return { description: "its certificate is self-signed and not trusted", cure: trustIt };
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_UNTRUSTED":
    case "INVALID_CA":
    case "CERT_SIGNATURE_FAILURE":
      return {
        description: "its certificate is from an authority that is not trusted",
        cure: trustIt,
      };
    case "CERT_HAS_EXPIRED":
      return {
        description: "its certificate has expired",
        cure: () => "The certificate must be renewed on that host. Check this machine's clock too.",
      };
    case "CERT_NOT_YET_VALID":
      return {
        description: "its certificate is not valid yet",
        cure: () => "Check this machine's clock.",
      };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        description: "its certificate is for another host",
        cure: () => "Use a name that the certificate holds in the address, or correct the address.",
      };
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return {
        description: "it does not speak TLS at this port",
        cure: () => "Check the scheme (https or http) and the port of the address.",
      };
    default:
      break;
  }
  if (/^ERR_SSL_.*ALERT_.*CERTIFICATE|^ERR_SSL_.*ALERT_(UNKNOWN_CA|ACCESS_DENIED)$/.test(code)) {
    return { description: "it refuses our client certificate, or requires one", cure: showIt };
  }
  if (/^ERR_SSL_.*(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY)/.test(code)) {
    return {
      description: "it refuses our TLS versions or ciphers, or requires a client certificate",
      cure: showIt,
    };
  }
  return undefined;
}
