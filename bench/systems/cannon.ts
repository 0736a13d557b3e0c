import autocannon from "autocannon";

/** Requests one cached customer as fast as possible: `<url> <secret> <connections> <seconds>`. */
const [url = "", secret = "", connections = "", duration = ""] = process.argv.slice(2);
const result = await autocannon({
  url: `${url}/api/customer/lookup`,
  method: "POST",
  headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
  body: JSON.stringify({ phoneNumber: "+15550199999" }),
  connections: Number(connections),
  duration: Number(duration),
});
process.send?.(result, () => process.exit(0));
