import {
  CreateEventBusCommand,
  DescribeEventSourceCommand,
  ListEventSourcesCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { start } from "../../../support/eventbridge.ts";

const ORG = "aws.partner/genesys.com/cloud/8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00";
const SOURCE = `${ORG}/ringahead-dev`;
const describeSource = (Name: string) => new DescribeEventSourceCommand({ Name });
const createBus = (name: string) =>
  new CreateEventBusCommand({ Name: name, EventSourceName: name });

describe("a partner event source", () => {
  it("is PENDING for two weeks, and ACTIVE once its bus is created", async () => {
    const { eventBridge, client } = await start();
    eventBridge.addEventSource(SOURCE);
    expect(await client.send(describeSource(SOURCE))).toMatchObject({
      Name: SOURCE,
      Arn: `arn:aws:events:us-east-1::event-source/${SOURCE}`,
      CreatedBy: "aws.partner/genesys.com",
      CreationTime: new Date("2026-01-02T03:04:05Z"),
      ExpirationTime: new Date("2026-01-16T03:04:05Z"),
      State: "PENDING",
    });
    await client.send(createBus(SOURCE));
    const active = await client.send(describeSource(SOURCE));
    expect(active.State).toBe("ACTIVE");
    expect(active.ExpirationTime).toBeUndefined();
  });

  it("disappears when the partner removes it, or becomes DELETED if it has a bus", async () => {
    const { eventBridge, client } = await start();
    for (const name of [SOURCE, `${ORG}/other`]) eventBridge.addEventSource(name);
    await client.send(createBus(SOURCE));
    for (const name of [SOURCE, `${ORG}/other`]) eventBridge.removeEventSource(name);
    expect(await client.send(describeSource(SOURCE))).toMatchObject({ State: "DELETED" });
    const gone = client.send(describeSource(`${ORG}/other`));
    await expect(gone).rejects.toThrow(ResourceNotFoundException);
  });

  it("must exist to be described and to get a bus", async () => {
    const { client } = await start();
    await expect(client.send(describeSource(SOURCE))).rejects.toThrow(ResourceNotFoundException);
    await expect(client.send(createBus(SOURCE))).rejects.toThrow(ResourceNotFoundException);
  });

  it("is listed by name prefix, in pages", async () => {
    const { eventBridge, client } = await start();
    const names = ["a", "b", "c"].map((suffix) => `${ORG}/${suffix}`);
    for (const name of [...names, "aws.partner/other.example/x"]) eventBridge.addEventSource(name);
    const list = (NextToken?: string) =>
      client.send(new ListEventSourcesCommand({ NamePrefix: ORG, Limit: 2, NextToken }));
    const first = await list();
    expect(first.EventSources?.map(({ Name }) => Name)).toEqual(names.slice(0, 2));
    const second = await list(first.NextToken);
    expect(second.EventSources?.map(({ Name }) => Name)).toEqual(names.slice(2));
    expect(second.NextToken).toBeUndefined();
    const { EventSources } = await client.send(new ListEventSourcesCommand());
    expect(EventSources).toHaveLength(4);
  });
});
