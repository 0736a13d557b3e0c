import { App } from "aws-cdk-lib";
import { readContext } from "./context.ts";
import { RingaheadStack } from "./ringahead-stack.ts";

const app = new App();
new RingaheadStack(
  app,
  "Ringahead",
  readContext((name) => app.node.tryGetContext(name)),
);
