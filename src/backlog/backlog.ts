/** What waits for a place, by the id of the message that carries it. */
export interface Waiting {
  readonly message: { readonly messageId: string };
  /** A first try goes before a later one. */
  readonly attempt: number;
}

/** The parsed work that nobody has in hand yet. */
export interface Backlog<T extends Waiting> {
  add(waiting: T): void;
  /** Takes out who is next: first tries in order of arrival, then later tries. */
  next(): T | undefined;
  /** Takes one out by its message. */
  remove(messageId: string): T | undefined;
  /** Takes out everything. */
  drain(): readonly T[];
  readonly size: number;
}

/** [pure] A backlog in memory. */
export function createBacklog<T extends Waiting>(): Backlog<T> {
  const first = new Map<string, T>();
  const later = new Map<string, T>();

  function take(from: Map<string, T>, messageId: string): T | undefined {
    const taken = from.get(messageId);
    from.delete(messageId);
    return taken;
  }

  return {
    add(waiting) {
      (waiting.attempt === 1 ? first : later).set(waiting.message.messageId, waiting);
    },
    next() {
      for (const from of [first, later]) {
        for (const messageId of from.keys()) return take(from, messageId);
      }
      return undefined;
    },
    remove: (messageId) => take(first, messageId) ?? take(later, messageId),
    drain() {
      const all = [...first.values(), ...later.values()];
      first.clear();
      later.clear();
      return all;
    },
    get size() {
      return first.size + later.size;
    },
  };
}
