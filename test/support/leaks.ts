/** What a test file may not leave behind in its process, by Node's names for it. */
const WATCHED = ["TCPSocketWrap", "TCPServerWrap", "PipeWrap", "ProcessWrap", "Timeout"] as const;

/** How many of each are open now. Timers that do not keep the process alive are not counted. */
export function openResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) {
    if (WATCHED.some((watched) => watched === name)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** What is open now and was not before, as `2 TCPSocketWrap`. */
export function leaksSince(before: ReadonlyMap<string, number>): string[] {
  return [...openResources()]
    .map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const)
    .filter(([, more]) => more > 0)
    .map(([name, more]) => `${more} ${name}`);
}
