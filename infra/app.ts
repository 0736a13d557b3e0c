import { App } from "aws-cdk-lib";
import { ContextError, readContext } from "./context.ts";
import { RingaheadStack } from "./ringahead-stack.ts";

const app = new App();
try {
  const context = readContext((name) => app.node.tryGetContext(name));
  new RingaheadStack(app, "Ringahead", context);
} catch (error) {
  if (!(error instanceof ContextError)) throw error;
  process.stderr.write(error.message);
  process.exit(1);
}
