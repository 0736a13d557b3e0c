import { Failure, type FailureSource } from "../../domain/failure.ts";
import { ProxyFailure } from "./tunnel.ts";

/** What could not be reached: the call in the other side's words, without personal data. */
export interface Unreached {
  readonly source: FailureSource;
  readonly what: string;
}

/**
 * [pure] The failure of a request that no answer came to. An untrusted certificate and a proxy that
 * refuses are the set-up's fault: they go wrong for every conversation until somebody mends them.
 * @param cause what the connection threw, under the HTTP library's own error
 */
export function failureOfConnection(code: string, cause: unknown, about: Unreached): Failure {
  if (cause instanceof ProxyFailure) return failureOfProxy(cause, about);
  const wrong = tlsFault(code);
  if (wrong !== undefined) {
    return new Failure({
      kind: "misconfigured",
      code: "certificate",
      source: about.source,
      message: `${about.what} could not be reached: ${wrong.told} (${code})`,
      errno: code,
      cure: wrong.cure(about.source),
    });
  }
  return new Failure({
    kind: "retryable",
    code: "network",
    source: about.source,
    message: `${about.what} could not be reached (${code})`,
    errno: code,
    cure: "Check the address, DNS, the network route and the firewall.",
  });
}

function failureOfProxy({ status, code }: ProxyFailure, { source, what }: Unreached): Failure {
  const variable = `${source.toUpperCase()}_PROXY_URL`;
  const wrong = tlsFault(code);
  const refused = status !== undefined && status < 500 && status !== 408 && status !== 429;
  return new Failure({
    kind: refused || wrong !== undefined ? "misconfigured" : "retryable",
    code: "proxy",
    source,
    // Its status is the proxy's, not the API's: it is told in words only.
    message:
      status === undefined
        ? `${what}: the proxy could not be reached${wrong === undefined ? "" : `: ${wrong.told}`} (${code})`
        : `${what}: the proxy answered ${status} to CONNECT`,
    errno: code,
    cure: cureOfProxy(status, variable, wrong?.cure(source)),
  });
}

function cureOfProxy(status: number | undefined, variable: string, ofTls: string | undefined) {
  if (status === 407) {
    return `The proxy wants a user and password, or others: ${variable}=http://<user>:<password>@<host>:<port>.`;
  }
  if (status === undefined) {
    return ofTls ?? `Check host and port of ${variable}, and that it can be reached from here.`;
  }
  return status < 500
    ? `The proxy does not let us through to this host and port: have it allowed there, or correct ${variable}.`
    : "The proxy could not reach the other side: look at its log.";
}

interface TlsFault {
  readonly told: string;
  readonly cure: (source: FailureSource) => string;
}

/** Oracle alone has variables of its own for this; Node's own holds for everything. */
const trustIt = (source: FailureSource) =>
  `Where this is your own authority or an inspecting proxy, put its certificate in ${source === "oracle" ? "ORACLE_CA_FILE" : "a file that NODE_EXTRA_CA_CERTS names"}; else somebody stands in between.`;
const showIt = (source: FailureSource) =>
  source === "oracle"
    ? "Set ORACLE_CLIENT_CERT_FILE and ORACLE_CLIENT_KEY_FILE to a certificate that the other side knows and that is in date."
    : "Check what answers at this address: no client certificate is shown there.";

/** By Node's names (Node.js, "TLS", X509 certificate error codes) and OpenSSL's alerts. */
function tlsFault(code: string): TlsFault | undefined {
  switch (code) {
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
      return { told: "its certificate is self-signed and not trusted", cure: trustIt };
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_UNTRUSTED":
    case "INVALID_CA":
    case "CERT_SIGNATURE_FAILURE":
      return { told: "its certificate is of an authority that is not trusted", cure: trustIt };
    case "CERT_HAS_EXPIRED":
      return {
        told: "its certificate has expired",
        cure: () => "Have it renewed by who runs that host; check this machine's clock too.",
      };
    case "CERT_NOT_YET_VALID":
      return {
        told: "its certificate is not valid yet",
        cure: () => "Check this machine's clock.",
      };
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return {
        told: "its certificate is for another host",
        cure: () => "Use a name that the certificate holds in the address, or correct the address.",
      };
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return {
        told: "it does not speak TLS at this port",
        cure: () => "Check the scheme (https or http) and the port of the address.",
      };
    default:
      break;
  }
  if (/^ERR_SSL_.*ALERT_.*CERTIFICATE|^ERR_SSL_.*ALERT_(UNKNOWN_CA|ACCESS_DENIED)$/.test(code)) {
    return { told: "it refuses our client certificate, or wants one", cure: showIt };
  }
  if (/^ERR_SSL_.*(HANDSHAKE_FAILURE|PROTOCOL_VERSION|INSUFFICIENT_SECURITY)/.test(code)) {
    return { told: "it refuses our TLS, and may want a client certificate", cure: showIt };
  }
  return undefined;
}
