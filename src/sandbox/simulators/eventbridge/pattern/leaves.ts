/**
 * A value that is not an object or array. A bigint is a JSON number that no double can hold: it equals
 * only itself, and cannot be compared.
 */
export type Scalar = string | number | bigint | boolean | null;

/** Array elements that contain a value, as array number to index. The arrays of an event are numbered. */
export type Membership = ReadonlyMap<number, number>;

/** A value of an event, and the array elements that contain it. */
export interface Leaf {
  readonly value: Scalar;
  readonly within: Membership;
}

/** The membership of a value outside of arrays. */
export const NOWHERE: Membership = new Map();

/**
 * [pure] The values of an event by path. A path is the field names joined by dots, so a name with a dot
 * equals two nested names. Empty objects and arrays have no values.
 */
export function leavesOf(event: object): ReadonlyMap<string, readonly Leaf[]> {
  const leaves = new Map<string, Leaf[]>();
  let arrays = 0;

  function visit(value: unknown, path: string, within: Membership): void {
    if (Array.isArray(value)) visitElements(value, path, within);
    else if (isObject(value)) visitFields(value, `${path}.`, within);
    else if (isScalar(value)) add(path, { value, within });
  }

  function add(path: string, leaf: Leaf): void {
    const others = leaves.get(path);
    if (others === undefined) leaves.set(path, [leaf]);
    else others.push(leaf);
  }

  function visitFields(object: object, prefix: string, within: Membership): void {
    for (const [name, value] of Object.entries(object)) visit(value, prefix + name, within);
  }

  function visitElements(elements: readonly unknown[], path: string, within: Membership): void {
    const array = arrays++;
    for (const [index, element] of elements.entries()) {
      // Different fields of a pattern may match different scalars of one array, but not different objects.
      const holds = typeof element === "object" && element !== null;
      visit(element, path, holds ? new Map([...within, [array, index]]) : within);
    }
  }

  visitFields(event, "", NOWHERE);
  return leaves;
}

/** [pure] The union of both, or undefined if they are in different elements of one array. */
export function together(one: Membership, other: Membership): Membership | undefined {
  for (const [array, index] of other) {
    if ((one.get(array) ?? index) !== index) return undefined;
  }
  return new Map([...one, ...other]);
}

/** [pure] Whether a JSON value is an object and not an array. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** [pure] Whether a JSON value is not an object or array. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "bigint", "boolean"].includes(typeof value);
}
