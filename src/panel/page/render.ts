import type { Language } from "../../domain/summary/languages.ts";
import type { PanelCase, PanelView } from "../view.ts";
import type { Words } from "../words.ts";

/** The element with this id. @throws {TypeError} if the page lacks it */
export function element<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`the page has no element ${id}`);
  return found;
}

export interface RenderOptions {
  readonly words: Words;
  readonly language: Language;
}

/** Shows a view. Values from Oracle are text with their own direction, never markup. */
export function render(view: PanelView, options: RenderOptions): void {
  const summary = element("summary", HTMLParagraphElement);
  const text = summaryOf(view, options.words);
  // A screen reader announces every change of a live region, so an equal text is not written again.
  if (summary.textContent !== text) summary.replaceChildren(isolated(text));
  summary.dataset.state = view.state;
  element("details", HTMLDivElement).replaceChildren(...details(view, options));
}

function summaryOf(view: PanelView, words: Words): string {
  if (view.state === "waiting") return words.waiting;
  return view.state === "emptied" ? words.emptied : view.summary;
}

function details(view: PanelView, options: RenderOptions): readonly Node[] {
  if (view.state === "waiting" || view.state === "emptied") return [];
  const asOf = view.asOf === undefined ? undefined : when(view.asOf, options.language, "medium");
  const { words } = options;
  if (view.state !== "found") return [list([[words.asOf, asOf]])];
  const facts = list([
    [words.customer, view.name ?? view.customerId],
    [words.account, view.account],
    [words.openCases, view.openCases],
    [words.asOf, asOf],
  ]);
  return [facts, ...link(view.url, words.open), ...cases(view.cases, options)];
}

function list(entries: readonly (readonly [string, string | undefined])[]): HTMLElement {
  const node = document.createElement("dl");
  for (const [name, value] of entries) {
    if (value !== undefined) node.append(make("dt", name), make("dd", isolated(value)));
  }
  return node;
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

/** The time in the agent's time zone. */
function when(time: number, language: Language, timeStyle?: "medium"): string {
  const style = timeStyle === undefined ? {} : { timeStyle: "short" as const };
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", ...style }).format(time);
}

function make(tag: string, ...children: readonly (Node | string)[]): HTMLElement {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
}

/** Isolates the direction of a text, so that a name in Arabic or Hebrew does not reverse its neighbours. */
function isolated(text: string): HTMLElement {
  const node = document.createElement("bdi");
  node.textContent = text;
  return node;
}
