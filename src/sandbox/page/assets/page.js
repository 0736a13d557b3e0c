// @ts-check
/** The page's only script. Everything that comes from outside is shown as text. */

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
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) at("said").textContent = told.error ?? `That did not work (${answer.status}).`;
  return told;
}

const moods = { found: "good", not_found: "good", anonymous: "good", ambiguous: "good", ended: "" };
const waiting = ["waiting", "delayed"];
/** @param {string} state */
const moodOf = (state) => (waiting.includes(state) ? "wait" : (moods[state] ?? "bad"));

/** @param {any} row */
function conversation(row) {
  const title = make("button", row.title);
  title.className = "link";
  title.setAttribute("type", "button");
  title.addEventListener("click", () => choose(row));
  const state = make("td", row.state.replace("_", " "));
  state.className = moodOf(row.state);
  const told = row.because ?? row.summary;
  if (told !== undefined) state.append(make("small", told));
  const cells = [
    seconds(row.waitedMs),
    row.cached === true ? "at hand" : seconds(row.oracleMs),
    seconds(row.sinceEventMs),
    seconds(row.headStartMs),
  ];
  const line = make("tr", make("td", title), state, ...cells.map((cell) => make("td", cell)));
  line.dataset.conversation = row.conversationId;
  line.dataset.state = row.state;
  return line;
}

/** @param {any} row */
function choose(row) {
  at("panel-of").textContent = row.title;
  const panel = /** @type {HTMLIFrameElement} */ (at("panel"));
  panel.hidden = false;
  panel.src = row.panel;
}

const names = {
  oracle: "Oracle is down",
  genesys: "Genesys is down",
  conversations: "Genesys does not know the conversations",
  redis: "Redis is gone",
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
    const spent = limit === undefined ? "no limit" : `${used} of ${limit} a minute`;
    const pause = pausedForMs > 0 ? `, rests ${seconds(pausedForMs)}` : "";
    return [
      [`${name}: budget spent`, `${spent}${pause}`],
      [`${name}: breaker`, api.breaker.state],
    ];
  });
  return [
    ["Backlog", `${load.waiting} wait, the oldest ${seconds(load.oldestMs)}`],
    ["In hand", String(load.inHand)],
    ...apis,
    ["Ready", worker.ready ? "yes" : worker.reasons.join("; ")],
  ];
}

/** @param {any} group */
function letter(group) {
  const replay = make("button", "Replay");
  replay.setAttribute("type", "button");
  replay.addEventListener("click", async () => {
    replay.setAttribute("disabled", "");
    at("said").textContent = "Replaying…";
    const { said } = await post("/replay", { code: group.code });
    if (said !== undefined) at("said").textContent = said;
    replay.removeAttribute("disabled");
  });
  const because = group.because === "" ? "" : ` (${group.because})`;
  const text = `${group.count} × ${group.failure}: ${group.verdict}${because} `;
  const item = make("li", text, replay);
  item.dataset.code = group.code;
  return item;
}

/** @type {Map<string, { line: HTMLElement, shown: string }>} */
let lines = new Map();

/** A row that has not changed stays: somebody may be about to press its button. @param {any} row */
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

let lettersShown = "";

/** @param {any} state */
function show(state) {
  const { conversations, counts, switches, perMinute, worker, letters } = state;
  showConversations(conversations);
  showFigures(
    "counts",
    Object.entries(counts).map(([name, count]) => [name.replace("_", " "), String(count)]),
  );
  showFigures("budgets", budgets(worker));
  showSwitches(switches);
  at("flow-value").textContent = String(perMinute);
  // A button that somebody is about to press is not exchanged.
  const shown = JSON.stringify(letters);
  if (shown !== lettersShown) {
    at("letters").replaceChildren(
      ...(letters.length === 0 ? [make("li", "none")] : letters.map(letter)),
    );
  }
  lettersShown = shown;
  if (state.trouble !== undefined) at("said").textContent = state.trouble;
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
  at("connection").textContent = "The sandbox does not answer: has it ended?";
});
events.addEventListener("message", ({ data }) => show(JSON.parse(data)));
