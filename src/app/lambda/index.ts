import { createHandler } from "./handler.ts";

/** The entry point of the deployed function: `index.handler`. */
export const handler = createHandler(process.env);
