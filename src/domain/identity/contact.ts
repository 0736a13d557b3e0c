import { type ContactAddresses, type IdentifyOptions, identifyContact } from "./customer.ts";
import { type Identity, identityKey } from "./identity.ts";

/** [pure] The identities of an external contact: its numbers, then its addresses, each once. */
export function contactIdentities(
  { phones, emails }: ContactAddresses,
  options: IdentifyOptions,
): readonly Identity[] {
  const alone = [
    ...phones.map((phone) => ({ phones: [phone], emails: [] })),
    ...emails.map((email) => ({ phones: [], emails: [email] })),
  ];
  const identified = alone.map((one) => identifyContact(one, options));
  const usable = identified.flatMap((one) => (one.usable ? [one.identity] : []));
  return [...new Map(usable.map((identity) => [identityKey(identity), identity])).values()];
}
