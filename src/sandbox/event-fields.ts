/** A leaf of an event: its dotted path, its value, and the array elements that it lies in. */
export interface Field {
  readonly path: string;
  readonly value: Scalar;
  readonly within: readonly ArrayElement[];
}

export type Scalar = string | number | boolean | null;

interface ArrayElement {
  /** Which array of the event, by its place. */
  readonly array: string;
  readonly index: number;
}

/**
 * [pure] The leaves of an event. EventBridge sees nothing else: `{}` and `[]` have no leaves and
 * count as absent, and a key with a dot is the same as an object within an object.
 */
export function fieldsOf(event: unknown): Field[] {
  const fields: Field[] = [];
  collect(event, "", "", [], fields);
  return fields;
}

function collect(
  value: unknown,
  path: string,
  place: string,
  within: readonly ArrayElement[],
  into: Field[],
): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) {
      const inElement = [...within, { array: place, index }];
      collect(element, path, `${place}[${index}]`, inElement, into);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const dotted = path === "" ? key : `${path}.${key}`;
      collect(inner, dotted, `${place}.${key}`, within, into);
    }
  } else if (isScalar(value)) {
    into.push({ path, value, within });
  }
}

/** Whether the value is a leaf of JSON. */
export function isScalar(value: unknown): value is Scalar {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/** Whether two leaves lie in the same element of every array that holds them both. */
export function consistent(one: Field, other: Field): boolean {
  return one.within.every((mine) =>
    other.within.every((theirs) => theirs.array !== mine.array || theirs.index === mine.index),
  );
}
