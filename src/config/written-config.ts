import { attributeNames } from "../domain/summary/attributes.ts";
import { definePart } from "./part.ts";
import { writtenVariables } from "./variables/written.ts";

/** The participant attributes. */
export const writtenPart = definePart({
  variables: writtenVariables,
  conflicts: ({ ATTRIBUTE_PREFIX: prefix, REFERENCE_ATTRIBUTE: reference }) =>
    attributeNames.some((name) => `${prefix}${name}` === reference)
      ? [
          `REFERENCE_ATTRIBUTE must be an attribute that a flow sets: ${reference} is one that is written here`,
        ]
      : [],
  build: (values) => values,
});
