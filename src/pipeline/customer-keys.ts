import { referenceMayHelp, shownTo } from "../domain/conversation/participant.ts";
import { contactMayHelp } from "../domain/conversation/session.ts";
import type { CustomerKeys } from "../domain/history/find-customer.ts";
import { identify } from "../domain/identity/customer.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { WorkItem } from "./work-item.ts";

/** Where keys come from, beside the event. */
interface KeysDeps {
  readonly store: ConversationStore;
  readonly defaultRegion: PhoneRegion;
}

/** Everything that is known; for a key that came later, that key alone: the others were looked up. */
export function firstKeys({ event, session }: WorkItem, deps: KeysDeps): CustomerKeys {
  const record = deps.store.recordOf(event.body);
  // An event that names no session may have named the contact before the start.
  const contactId = session.contactId ?? record?.contactId;
  switch (event.type) {
    case "contact":
      return { own: undefined, reference: undefined, contactId };
    case "reference":
      return {
        own: undefined,
        // Another one may have replaced it while the item waited.
        reference: record?.reference ?? event.reference,
        contactId: undefined,
      };
    default:
      return {
        own: identify(event.body, deps),
        reference: record?.reference,
        contactId,
      };
  }
}

/** The keys that may still improve what was written. */
export function lateKeys(
  { event, session, conversation }: WorkItem,
  { store }: KeysDeps,
): CustomerKeys {
  const reference = store.recordOf(event.body)?.reference;
  const shown = shownTo(session, conversation.sessions.values());
  return {
    own: undefined,
    reference: referenceMayHelp(session, reference, shown) ? reference : undefined,
    contactId: contactMayHelp(session) ? session.contactId : undefined,
  };
}

/** Whether there is anything to look up. */
export function hasKey({ reference, contactId }: CustomerKeys): boolean {
  return reference !== undefined || contactId !== undefined;
}

/** The keys are not looked up again for this session. */
export async function markTried(
  { reference, contactId }: CustomerKeys,
  { event: { body }, session }: WorkItem,
  { store }: KeysDeps,
): Promise<void> {
  if (reference !== undefined) session.triedReference = reference;
  // The contact may have changed meanwhile: that one is still to be looked up.
  if (contactId !== undefined && contactId === session.contactId) {
    session.triedContactId = session.contactId;
  }
  if (hasKey({ own: undefined, reference, contactId })) {
    await store.share(body.conversationId, body);
  }
}
