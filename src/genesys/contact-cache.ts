import type { ContactAddresses } from "../domain/identity/customer.ts";
import type { ContactDirectory } from "../domain/ports/participant-attributes.ts";
import type { MonotonicMs } from "../domain/time.ts";
import { createRecentReads } from "./recent-reads.ts";

/**
 * Reads a contact at most once in ten minutes. It also remembers that Genesys has no such contact, but
 * no failures.
 */
export function cacheContacts(
  directory: ContactDirectory,
  monotonicNow: () => MonotonicMs,
): ContactDirectory {
  const reads = createRecentReads<{ readonly contact: ContactAddresses | undefined }>(monotonicNow);
  return {
    async find(contactId, call) {
      const known = reads.get(contactId);
      if (known !== undefined) return known.contact;
      const contact = await directory.find(contactId, call);
      reads.set(contactId, { contact });
      return contact;
    },
  };
}
