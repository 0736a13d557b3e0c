/** Loaded before a system: tells its heap, in bytes, after a collection, whenever it is asked. */
process.on("message", () => {
  globalThis.gc?.();
  process.send?.(process.memoryUsage().heapUsed);
});
process.channel?.unref();
