import type { Language } from "../../domain/summary/languages.ts";
import type { PanelCase, PanelView } from "../view.ts";
import type { Words } from "../words.ts";

/** The element of this id, which the page has. */
export function element<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`the page has no ${id}`);
  return found;
}

/** How a view is told: words and language of the agent. */
export interface RenderOptions {
  readonly words: Words;
  readonly language: Language;
}

/** Shows a view. Everything that comes from Oracle is text in its own direction, never markup. */
export function render(view: PanelView, telling: RenderOptions): void {
  const summary = element("summary", HTMLParagraphElement);
  const told = summaryOf(view, telling.words);
  // A live region speaks when it changes: it is not written again where it says the same.
  if (summary.textContent !== told) summary.replaceChildren(isolated(told));
  summary.dataset.state = view.state;
  element("details", HTMLDivElement).replaceChildren(...details(view, telling));
}

function summaryOf(view: PanelView, words: Words): string {
  if (view.state === "waiting") return words.waiting;
  return view.state === "emptied" ? words.emptied : view.summary;
}

function details(view: PanelView, telling: RenderOptions): readonly Node[] {
  if (view.state === "waiting" || view.state === "emptied") return [];
  const asOf = view.asOf === undefined ? undefined : when(view.asOf, telling.language, "medium");
  const { words } = telling;
  if (view.state !== "found") return [list([[words.asOf, asOf]])];
  const facts = list([
    [words.customer, view.name ?? view.customerId],
    [words.account, view.account],
    [words.openCases, view.openCases],
    [words.asOf, asOf],
  ]);
  return [facts, ...link(view.url, words.open), ...cases(view.cases, telling)];
}

function list(entries: readonly (readonly [string, string | undefined])[]): HTMLElement {
  const place = document.createElement("dl");
  for (const [name, value] of entries) {
    if (value !== undefined) place.append(make("dt", name), make("dd", isolated(value)));
  }
  return place;
}

function link(url: string | undefined, text: string): readonly Node[] {
  if (url === undefined) return [];
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  anchor.textContent = text;
  return [make("p", anchor)];
}

function cases(latest: readonly PanelCase[], { words, language }: RenderOptions): readonly Node[] {
  if (latest.length === 0) return [];
  const items = latest.map(({ reference, subject, status, updatedAt }) => {
    const updated = updatedAt === undefined ? "" : ` · ${when(updatedAt, language)}`;
    const facts = make("small", isolated(reference), " · ", isolated(status), updated);
    return make("li", isolated(subject), facts);
  });
  return [make("h2", words.latestCases), make("ul", ...items)];
}

/** In the agent's own time zone. */
function when(time: number, language: Language, timeStyle?: "medium"): string {
  const style = timeStyle === undefined ? {} : { timeStyle: "short" as const };
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", ...style }).format(time);
}

function make(tag: string, ...children: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
}

/** A name in Arabic or Hebrew does not turn round what stands beside it. */
function isolated(text: string): HTMLElement {
  const place = document.createElement("bdi");
  place.textContent = text;
  return place;
}
