import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { sampleFile } from "../../../src/app/sample-file.ts";
import type { SampledNumber } from "../../../src/domain/sample/sampled-number.ts";

const one: SampledNumber = { number: "+4915112345678", match: "not_found", country: "DE" };

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "ringahead-sample-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("the sample file", () => {
  it("can be read by its owner alone, and leaves no other file", async () => {
    const path = join(folder(), "sample.jsonl");
    const file = sampleFile(path);
    expect(await file.read()).toEqual([]);
    await file.write([one]);
    await file.write([one, { ...one, number: "+4915112345679" }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await file.read()).toHaveLength(2);
    expect(readdirSync(join(path, ".."))).toEqual(["sample.jsonl"]);
  });

  it("takes the place of one with wider permissions", async () => {
    const path = join(folder(), "sample.jsonl");
    writeFileSync(path, "", { mode: 0o644 });
    await sampleFile(path).write([one]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("that holds something else is refused and left as it is", async () => {
    const path = join(folder(), "notes.txt");
    const text = "+4915112345678 call back\n";
    writeFileSync(path, text);
    await expect(sampleFile(path).read()).rejects.toMatchObject({
      kind: "misconfigured",
      message: expect.stringMatching(/^SHADOW_SAMPLE_FILE .* something other than a sample/),
    });
    await expect(sampleFile(path).read()).rejects.not.toMatchObject({
      message: expect.stringContaining("4915112345678"),
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("is neither a folder nor a link", async () => {
    const path = folder();
    mkdirSync(join(path, "folder"));
    writeFileSync(join(path, "target"), "");
    symlinkSync(join(path, "target"), join(path, "link"));
    for (const name of ["folder", "link"]) {
      await expect(sampleFile(join(path, name)).read()).rejects.toMatchObject({
        kind: "misconfigured",
      });
    }
  });

  it("needs a folder that exists", async () => {
    await expect(sampleFile(join(folder(), "none", "sample")).write([one])).rejects.toMatchObject({
      kind: "misconfigured",
      message: expect.stringMatching(/cannot be written \(ENOENT\)$/),
    });
  });
});
