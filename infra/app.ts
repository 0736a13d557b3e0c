import { App } from "aws-cdk-lib";
import { readContext } from "./context.ts";
import { EventIngestStack } from "./event-ingest-stack.ts";

const app = new App();
new EventIngestStack(
  app,
  "Ringahead",
  readContext((name) => app.node.tryGetContext(name)),
);
