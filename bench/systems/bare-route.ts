import Fastify from "fastify";

/** A route without logic: reads the body, and sends an answer of the size of a found customer. */
const ANSWER = {
  status: "success",
  data: {
    customerId: "CUST-1001",
    account: "Analytical Engines Ltd",
    lastInteractionDate: "2026-03-12",
    openCases: "2",
    lastCaseNumber: "260312-000042",
    lastCaseSubject: "Printer on fire",
    lastCaseStatus: "active",
    caseUrl: "",
    summary:
      '2 open cases. Last: 260312-000042 "Printer on fire", active, updated 20 Nov (as of 20 Nov, 10:02 UTC)',
    asOf: "2026-03-12T10:02:00.000Z",
  },
};

const app = Fastify();
app.post<{ Body: { phoneNumber?: string } }>("/api/customer/lookup", (request, reply) => {
  if (!request.body.phoneNumber) return reply.status(400).send({ error: "Missing phoneNumber" });
  return reply.send(ANSWER);
});
process.send?.(await app.listen({ host: "127.0.0.1", port: 0 }));
