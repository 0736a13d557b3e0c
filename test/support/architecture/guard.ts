import { dirname } from "node:path";
import { SANDBOX_COMMAND, SIMULATORS, wings } from "./map.ts";
import type { Source } from "./sources.ts";

/** [pure] Every arrow between two wings that the map does not have, each in a sentence with the cure. */
export function wrongArrows(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ name }) => name.startsWith("src/"))
      .flatMap(({ name }) => wrongArrow(path, name) ?? []),
  );
}

function wrongArrow(path: string, name: string): string | undefined {
  const [from, to] = [wingOf(path), wingOf(name)];
  if (path.startsWith(SIMULATORS) && !name.startsWith(SIMULATORS)) {
    return `${path} imports ${name}: a simulator imports no product code, or it would agree with the product's mistakes. Write it from the facts.`;
  }
  // `infra` stands outside: it may use any wing.
  if (from === to || path === SANDBOX_COMMAND || !path.startsWith("src/")) return undefined;
  if (to === "sandbox") {
    return `${path} imports ${name}: product code never imports the sandbox. Only ${SANDBOX_COMMAND} starts it; move what both need to the wing that owns it.`;
  }
  const wing = wings[from];
  if (wing === undefined) {
    return `${path} is in no wing of the map: put it in ${Object.keys(wings).join(", ")}, or add its wing to the map and to docs/explanation/architecture.md.`;
  }
  if (wing.imports.includes(to)) return undefined;
  const below = wings[to]?.imports.includes(from) ?? false;
  const cure = below
    ? `${to} may import ${from}, not the other way round: move the line to ${to}, or declare the port in domain`
    : `connect the two in app, or move what both need to domain (${wings.domain?.holds})`;
  return `${path} imports ${name}: the map has no arrow from ${from} (${wing.holds}) to ${to}. Cure: ${cure}.`;
}

function wingOf(path: string): string {
  const [, wing = ""] = path.split("/");
  return wing;
}

/** [pure] The cycles between folders, type-only imports included: one sentence each. */
export function folderCycles(sources: readonly Source[]): readonly string[] {
  return cycles(sources, (path) => dirname(path)).map(
    (cycle) => `folders import each other: ${cycle}. Move the line that both need to one of them.`,
  );
}

/** [pure] The cycles between files, type-only imports included: one sentence each. */
export function fileCycles(sources: readonly Source[]): readonly string[] {
  return cycles(sources, (path) => path).map((cycle) => `files import each other: ${cycle}`);
}

/** The cycles in the graph of places, each by the files that make it. */
function cycles(sources: readonly Source[], placeOf: (path: string) => string): readonly string[] {
  const graph = new Map<string, Map<string, string>>();
  for (const { path, imports } of sources) {
    for (const { name } of imports) {
      const [from, to] = [placeOf(path), placeOf(name)];
      if (!/^(src|infra)\//.test(name) || (from === to && path !== name)) continue;
      const arrows = graph.get(from) ?? new Map<string, string>();
      graph.set(from, arrows.set(to, arrows.get(to) ?? `${path} > ${name}`));
    }
  }
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (place: string, trail: readonly string[]): void => {
    if (trail.includes(place)) {
      const round = [...trail.slice(trail.indexOf(place)), place];
      const steps = round.slice(1).map((to, i) => graph.get(round[i] ?? "")?.get(to) ?? to);
      found.push(steps.join(", "));
      return;
    }
    if (done.has(place)) return;
    for (const to of graph.get(place)?.keys() ?? []) visit(to, [...trail, place]);
    done.add(place);
  };
  for (const place of graph.keys()) visit(place, []);
  return found;
}
