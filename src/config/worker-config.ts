import { definePart } from "./part.ts";
import { workerVariables } from "./variables/worker.ts";

/** How a process runs. */
export const workerPart = definePart({
  variables: workerVariables,
  conflicts: ({ SHADOW: shadow, SHADOW_SAMPLE_FILE: file }) =>
    shadow === false && file !== undefined
      ? [
          "SHADOW_SAMPLE_FILE needs SHADOW=true: outside shadow mode no numbers are kept. Unset it, and delete the file",
        ]
      : [],
  build: (values) => values,
});
