/** Preloaded into a system: answers each message with the heap in bytes, after a garbage collection. */
process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage().heapUsed);
});
process.channel?.unref();
