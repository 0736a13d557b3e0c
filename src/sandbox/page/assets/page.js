// @ts-check
/** The script of the page. It shows all data as text, never as HTML. */

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
/** @param {string} tag @param {...(Node | string)} children */
const make = (tag, ...children) => {
  const element = document.createElement(tag);
  element.append(...children);
  return element;
};
/** @param {number | undefined} ms */
const seconds = (ms) => (ms === undefined ? "–" : `${(ms / 1000).toFixed(1)} s`);

/** @param {string} path @param {unknown} body */
async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const result = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    at("message").textContent =
      result.error ?? `The sandbox answered ${path} with ${answer.status}.`;
  }
  return result;
}

/** CSS classes by state; `bad` for any other. */
const classes = {
  found: "good",
  not_found: "good",
  anonymous: "good",
  ambiguous: "good",
  ended: "",
  waiting: "wait",
  delayed: "wait",
};
/** @param {string} state */
const classOf = (state) => classes[state] ?? "bad";

/** @param {any} row */
function conversation(row) {
  const title = make("button", row.title);
  title.className = "link";
  title.setAttribute("type", "button");
  title.addEventListener("click", () => select(row));
  const state = make("td", row.state.replace("_", " "));
  state.className = classOf(row.state);
  const detail = row.reason ?? row.summary;
  if (detail !== undefined) state.append(make("small", detail));
  const cells = [
    seconds(row.waitedMs),
    row.cached === true ? "cached" : seconds(row.oracleMs),
    seconds(row.sinceEventMs),
    seconds(row.headStartMs),
  ];
  const line = make("tr", make("td", title), state, ...cells.map((cell) => make("td", cell)));
  line.dataset.conversation = row.conversationId;
  line.dataset.state = row.state;
  return line;
}

/** @param {any} row */
function select(row) {
  at("panel-of").textContent = row.title;
  const panel = /** @type {HTMLIFrameElement} */ (at("panel"));
  panel.hidden = false;
  panel.src = row.panel;
}

const names = {
  oracle: "Oracle is down",
  genesys: "Genesys is down",
  conversations: "Genesys does not know the conversations",
  redis: "Redis is down",
};

/** @param {Record<string, boolean>} switches */
function showSwitches(switches) {
  const place = at("switches");
  for (const [what, broken] of Object.entries(switches)) {
    let button = /** @type {HTMLButtonElement | null} */ (
      place.querySelector(`[data-break="${what}"]`)
    );
    if (button === null) {
      button = document.createElement("button");
      button.type = "button";
      button.dataset.break = what;
      button.textContent = names[what] ?? what;
      const pressed = button;
      button.addEventListener("click", () =>
        post("/break", { what, broken: pressed.getAttribute("aria-pressed") !== "true" }),
      );
      place.append(button);
    }
    button.setAttribute("aria-pressed", String(broken));
  }
}

/** @param {string} id @param {readonly (readonly [string, string])[]} figures */
function showFigures(id, figures) {
  at(id).replaceChildren(
    ...figures.map(([name, value]) => make("div", make("dt", name), make("dd", value))),
  );
}

/** @param {any} worker */
function budgets(worker) {
  if (worker === undefined) return [["Worker", "does not answer"]];
  const load = worker.load ?? { waiting: 0, inHand: 0, oldestMs: 0 };
  const apis = worker.apis.flatMap((api) => {
    const { limit, used, pausedForMs } = api.budget;
    const name = api.source === "genesys" ? "Genesys" : "Oracle";
    const usage = limit === undefined ? "no limit" : `${used} of ${limit} a minute`;
    const pause = pausedForMs > 0 ? `, paused for ${seconds(pausedForMs)}` : "";
    return [
      [`${name}: budget used`, `${usage}${pause}`],
      [`${name}: breaker`, api.breaker.state],
    ];
  });
  return [
    ["Backlog", `${load.waiting} waiting, the oldest for ${seconds(load.oldestMs)}`],
    ["In progress", String(load.inHand)],
    ...apis,
    ["Ready", worker.ready ? "yes" : worker.reasons.join("; ")],
  ];
}

const verdicts = {
  replayable: "can be replayed",
  "fix-first": "action needed",
  "too-late": "too late to replay",
};

/** @param {any} group */
function deadLetters(group) {
  const replay = make("button", "Replay");
  replay.setAttribute("type", "button");
  replay.addEventListener("click", async () => {
    replay.setAttribute("disabled", "");
    at("message").textContent = "Replaying…";
    const { message } = await post("/replay", { code: group.code });
    if (message !== undefined) at("message").textContent = message;
    replay.removeAttribute("disabled");
  });
  const reason = group.because === "" ? "" : ` (${group.because})`;
  const text = `${group.count} × ${group.failure}: ${verdicts[group.verdict] ?? group.verdict}${reason} `;
  const item = make("li", text, replay);
  item.dataset.code = group.code;
  return item;
}

/** @type {Map<string, { line: HTMLElement, shown: string }>} */
let lines = new Map();

/** Keeps the element of an unchanged row, so that a click on its button is not lost. @param {any} row */
function line(row) {
  const shown = JSON.stringify(row);
  const known = lines.get(row.conversationId);
  return known?.shown === shown ? known : { line: conversation(row), shown };
}

/** @param {readonly any[]} rows */
function showConversations(rows) {
  lines = new Map(rows.map((row) => [row.conversationId, line(row)]));
  const wanted = [...lines.values()].map((one) => one.line);
  const place = at("rows");
  const isSame =
    wanted.length === place.children.length && wanted.every((one, i) => one === place.children[i]);
  if (isSame) return;
  for (const old of [...place.children])
    if (!wanted.includes(/** @type {HTMLElement} */ (old))) old.remove();
  for (const [index, one] of wanted.entries()) {
    if (place.children[index] !== one) place.insertBefore(one, place.children[index] ?? null);
  }
}

let deadLettersShown = "";

/** @param {any} state */
function show(state) {
  const { conversations, counts, switches, perMinute, worker } = state;
  showConversations(conversations);
  showFigures(
    "counts",
    Object.entries(counts).map(([name, count]) => [name.replace("_", " "), String(count)]),
  );
  showFigures("budgets", budgets(worker));
  showSwitches(switches);
  at("flow-value").textContent = String(perMinute);
  // Unchanged buttons are kept, so that a click is not lost.
  const shown = JSON.stringify(state.deadLetters);
  if (shown !== deadLettersShown) {
    const items = state.deadLetters.map(deadLetters);
    at("dead-letters").replaceChildren(...(items.length === 0 ? [make("li", "none")] : items));
  }
  deadLettersShown = shown;
  if (state.problem !== undefined) at("message").textContent = state.problem;
}

for (const button of document.querySelectorAll("[data-start]")) {
  button.addEventListener("click", () =>
    post("/start", { count: Number(button.getAttribute("data-start")) }),
  );
}
at("flow").addEventListener("change", (event) => {
  const { value } = /** @type {HTMLInputElement} */ (event.target);
  void post("/flow", { perMinute: Number(value) });
});

const events = new EventSource("/events");
events.addEventListener("open", () => {
  at("connection").textContent = "Connected";
});
events.addEventListener("error", () => {
  at("connection").textContent = "No connection to the sandbox. Check that it is running.";
});
events.addEventListener("message", ({ data }) => show(JSON.parse(data)));
