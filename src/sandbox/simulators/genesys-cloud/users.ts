import { randomUUID } from "node:crypto";

interface OrgUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/** The users of an org. */
export interface Users {
  find(id: string): OrgUser | undefined;
  add(name: string): OrgUser;
  /** The user whom the login page signs in. */
  readonly signedIn: OrgUser;
  signIn(user: OrgUser): void;
}

/** @param first name of the first user, who is signed in */
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
