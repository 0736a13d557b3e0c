import { LRUCache } from "lru-cache";
import type { ContactAddresses } from "../domain/identity/customer.ts";
import type { ContactDirectory } from "../domain/ports/participant-attributes.ts";

const CONTACTS_KEPT = 10_000;
/** Numbers and addresses of a contact seldom change; a request is a conversation's worth of budget. */
const FRESH_FOR_MS = 10 * 60_000;

/** Asks about one contact once in ten minutes. Failures are not kept. */
export function cacheContacts(directory: ContactDirectory, now: () => number): ContactDirectory {
  const kept = new LRUCache<string, { found: ContactAddresses | undefined; at: number }>({
    max: CONTACTS_KEPT,
  });
  return {
    async find(contactId, call) {
      const known = kept.get(contactId);
      if (known !== undefined && now() - known.at < FRESH_FOR_MS) return known.found;
      const found = await directory.find(contactId, call);
      kept.set(contactId, { found, at: now() });
      return found;
    },
  };
}
