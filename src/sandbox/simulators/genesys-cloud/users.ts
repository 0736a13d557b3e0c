import { randomUUID } from "node:crypto";

interface OrgUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** The people of an org. */
export interface Users {
  find(id: string): OrgUser | undefined;
  add(name: string): OrgUser;
  /** Whoever is signed in to Genesys Cloud where a login page is opened. */
  readonly signedIn: OrgUser;
  signIn(user: OrgUser): void;
}

/** @param first the name of an agent, who is signed in until somebody else is */
export function createUsers(first: string): Users {
  const known = new Map<string, OrgUser>();

  function add(name: string): OrgUser {
    const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".")}@example.com`;
    const user = { id: randomUUID(), name, email };
    known.set(user.id, user);
    return user;
  }

  let signedIn = add(first);
  return {
    find: (id) => known.get(id),
    add,
    get signedIn() {
      return signedIn;
    },
    signIn(user) {
      signedIn = user;
    },
  };
}
