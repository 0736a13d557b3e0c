import { type PanelAddress, readPanelAddress } from "../address.ts";
import { readConversation } from "../conversation.ts";
import { type LastPoll, nextPollMs } from "../poll-interval.ts";
import { viewOf } from "../view.ts";
import { words as wordsOf } from "../words.ts";
import { element, render } from "./render.ts";
import { createPanelSignIn, returned } from "./sign-in.ts";

const MISSING = 404;
const REFUSED = 401;
const FORBIDDEN = 403;

const answer = returned();
const address = readPanelAddress(location.search, location.origin);
if ("problem" in address) element("trouble", HTMLParagraphElement).textContent = address.problem;
else start(address).catch(showError);

async function start(panel: PanelAddress): Promise<void> {
  const words = wordsOf[panel.language];
  const signIn = createPanelSignIn(panel);
  const refresh = element("refresh", HTMLButtonElement);
  const signInButton = element("sign-in", HTMLButtonElement);
  document.documentElement.lang = panel.language;
  element("title", HTMLHeadingElement).textContent = words.title;
  refresh.textContent = words.refresh;
  signInButton.textContent = words.signIn;
  let last: LastPoll = { state: "waiting", ended: false, failures: 0, retryAfterMs: undefined };
  let timer: number | undefined;

  async function poll(): Promise<void> {
    clearTimeout(timer);
    const token = signIn.token();
    if (token === undefined) {
      await signInFirst();
      return;
    }
    last = await read(token);
    const waitMs = nextPollMs(last);
    if (waitMs !== undefined) timer = setTimeout(pollNow, waitMs);
  }

  function pollNow(): void {
    poll().catch(showError);
  }

  /** A browser opens a window only after a click. Without a window, the page can redirect at once. */
  async function signInFirst(): Promise<void> {
    signInButton.hidden = !panel.popup;
    refresh.hidden = panel.popup;
    if (!panel.popup) await signIn.begin();
  }

  async function read(token: string): Promise<LastPoll> {
    const failed = (message: string, retryAfterMs?: number): LastPoll => {
      showProblem(message);
      return { ...last, failures: last.failures + 1, retryAfterMs };
    };
    const response = await fetch(
      `${panel.apiUrl}/api/v2/conversations/${encodeURIComponent(panel.conversationId)}`,
      { headers: { authorization: `Bearer ${token}`, accept: "application/json" } },
    ).catch(() => undefined);
    if (response === undefined) return failed(words.unreachable);
    if (response.status === REFUSED) {
      signIn.forget();
      return failed("");
    }
    if (response.status === FORBIDDEN) return failed(words.forbidden);
    if (response.status === MISSING) return failed(words.unknown);
    const seconds = Number(response.headers.get("retry-after") ?? 0);
    const body: unknown = await response.json().catch(() => undefined);
    const conversation = response.ok ? readConversation(body) : undefined;
    if (conversation === undefined) return failed(words.unreachable, seconds * 1000);
    const view = viewOf(conversation.attributes, panel.prefix);
    render(view, { words, language: panel.language });
    showProblem("");
    return { state: view.state, ended: conversation.ended, failures: 0, retryAfterMs: undefined };
  }

  refresh.addEventListener("click", pollNow);
  signInButton.addEventListener("click", () => {
    signIn
      .begin()
      .then(() => {
        signInButton.hidden = true;
        refresh.hidden = false;
        return poll();
      })
      .catch(showError);
  });
  // A hidden page sends no requests.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else pollNow();
  });
  refresh.hidden = false;
  render({ state: "waiting" }, { words, language: panel.language });
  if (answer !== undefined) await signIn.complete(answer);
  await poll();
}

function showProblem(text: string): void {
  const trouble = element("trouble", HTMLParagraphElement);
  if (trouble.textContent !== text) trouble.textContent = text;
}

function showError(error: unknown): void {
  showProblem(error instanceof Error ? error.message : String(error));
}
