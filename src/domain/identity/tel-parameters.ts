/**
 * What the parameters of a telephone number say about it (RFC 3966, section 5; SIP user parameters have the
 * same form):
 * - `none`: nothing;
 * - `global`: it is local to a country or an area, whose number begins with `prefix`;
 * - `private`: it is local to the network of a domain;
 * - `unclear`: they contradict each other, or hold a second number.
 */
export type NumberContext =
  | { readonly kind: "none" | "private" | "unclear" }
  | { readonly kind: "global"; readonly prefix: string };

/** `;7246433` after a number is an extension; ten digits without `#` are a second number. */
const EXTENSION = /^(?:\d{1,9}|\d{1,15}#)$/;
const GLOBAL = /^\+[\d().-]+$/;

/**
 * [pure] Reads the texts after the `;` of a number, in ASCII. `ext`, `isub`, `tgrp` and all others say
 * nothing about the number.
 */
export function readContext(parameters: readonly string[]): NumberContext {
  const contexts: string[] = [];
  for (const parameter of parameters) {
    const [name = "", ...value] = parameter.split("=");
    if (name.trim().toLowerCase() === "phone-context") contexts.push(value.join("=").trim());
    else if (value.length === 0 && isSecondNumber(parameter.trim())) return { kind: "unclear" };
  }
  const [context, another] = contexts;
  if (context === undefined) return { kind: "none" };
  if (another !== undefined) return { kind: "unclear" };
  const digits = context.replace(/\D/g, "");
  if (GLOBAL.test(context) && digits !== "") return { kind: "global", prefix: `+${digits}` };
  return { kind: isDomain(context) ? "private" : "unclear" };
}

function isSecondNumber(text: string): boolean {
  return !EXTENSION.test(text) && text.replace(/\D/g, "").length >= 7;
}

/** A domain name of RFC 3966: the last label begins with a letter. */
function isDomain(text: string): boolean {
  const labels = text.replace(/\.$/, "").split(".");
  const isLabel = (label: string) => /^[a-z\d-]+$/i.test(label) && !/^-|-$/.test(label);
  return labels.every(isLabel) && /^[a-z]/i.test(labels.at(-1) ?? "");
}
