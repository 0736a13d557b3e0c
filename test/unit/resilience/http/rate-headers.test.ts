import { describe, expect, it } from "vitest";
import { epochMs } from "../../../../src/domain/time.ts";
import type { HttpAnswer } from "../../../../src/resilience/http/client.ts";
import {
  LONGEST_PAUSE_MS,
  readRateLimitInfo,
} from "../../../../src/resilience/http/rate-headers.ts";
import { failureOfStatus } from "../../../../src/resilience/http/status.ts";

const NOW = epochMs(Date.parse("2026-11-20T10:00:00Z"));

function answer(status: number, headers: Record<string, string> = {}, text = ""): HttpAnswer {
  return { status, headers, text };
}

describe("rate-limit information", () => {
  it("has the limit, the count and the window of the server", () => {
    const rateLimit = readRateLimitInfo(
      answer(202, {
        "inin-ratelimit-allowed": "180",
        "inin-ratelimit-count": "17",
        "inin-ratelimit-reset": "42",
      }),
      NOW,
    );
    expect(rateLimit).toEqual({ allowed: 180, count: 17, resetMs: 42_000 });
  });

  it("is empty if headers are missing or unreadable", () => {
    expect(readRateLimitInfo(answer(200), NOW)).toEqual({});
    const unreadable = { "inin-ratelimit-allowed": "many", "inin-ratelimit-count": "-1" };
    expect(readRateLimitInfo(answer(200, unreadable), NOW)).toEqual({});
  });

  it.each([
    ["seconds", 429, { "retry-after": "7" }, 7_000],
    ["a date", 429, { "retry-after": "Fri, 20 Nov 2026 10:00:20 GMT" }, 20_000],
    ["a past date", 429, { "retry-after": "Fri, 20 Nov 2026 09:59:00 GMT" }, 250],
    ["0", 429, { "retry-after": "0" }, 250],
    ["hours", 429, { "retry-after": "7200" }, LONGEST_PAUSE_MS],
    ["the window's end", 429, { "inin-ratelimit-reset": "12" }, 12_000],
    ["nothing", 429, {}, 3_000],
    ["nonsense", 429, { "retry-after": "soon" }, 3_000],
    ["seconds with 503", 503, { "retry-after": "5" }, 5_000],
    ["nothing with 503", 503, {}, undefined],
    ["Oracle's hint", 200, { "osvc-crest-next-request-after": "350" }, 350],
    ["Oracle's hint of 0", 200, { "osvc-crest-next-request-after": "0" }, undefined],
  ])("pauses by %s (%i)", (_name, status, headers, pauseMs) => {
    expect(readRateLimitInfo(answer(status, headers as Record<string, string>), NOW).pauseMs).toBe(
      pauseMs,
    );
  });

  it("reads Oracle's own code for throttling", () => {
    const throttled = answer(503, {}, '{"o:errorCode":"OSC-CREST-00035"}');
    expect(readRateLimitInfo(throttled, NOW).pauseMs).toBe(1_000);
    const request = { source: "oracle", what: "GET /x", now: NOW } as const;
    expect(failureOfStatus(throttled, request)).toMatchObject({
      kind: "retryable",
      code: "throttled",
    });
  });
});
