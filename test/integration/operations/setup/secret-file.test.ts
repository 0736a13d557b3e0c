import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
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
import { join, relative } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { secretFile } from "../../../../src/operations/setup/secret/file.ts";

const SECRET = "hunter2-hunter2";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "ringahead-secret-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

const place = (path: string) => secretFile(path, () => "part");
const modeOf = (path: string) => statSync(path).mode & 0o777;

async function told(work: Promise<unknown>) {
  const failure = await work.catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "Failure", kind: "misconfigured", source: "worker" });
  expect(JSON.stringify(failure) + String(failure)).not.toContain(SECRET);
  return failure;
}

describe("a file", () => {
  it("keeps a secret that its owner alone may read", async () => {
    const path = join(folder(), "client-secret");
    const file = place(path);
    expect(await file.read()).toBeUndefined();
    await file.prepare();
    expect(existsSync(path)).toBe(false);
    await file.keep(SECRET);
    expect(modeOf(path)).toBe(0o600);
    expect(await file.read()).toBe(SECRET);
    expect(file.told).toBe(path);
  });

  it("says how a shell reads it, whatever its name", async () => {
    const path = join(folder(), "the client's $HOME secret");
    const file = place(path);
    await file.keep(SECRET);
    const value = await file.reference();
    expect(value).not.toContain(SECRET);
    const read = execFileSync("sh", ["-c", `printf %s ${value}`], { encoding: "utf8" });
    expect(read).toBe(SECRET);
  });

  it("is known by its whole path, also where that was told from here", async () => {
    const path = join(folder(), "client-secret");
    const file = place(relative(process.cwd(), path));
    expect(file.told).toBe(path);
    await file.keep(SECRET);
    expect(await file.reference()).toContain(path);
  });

  it("that others may read is tightened, when it is read and when it is written", async () => {
    const path = join(folder(), "client-secret");
    writeFileSync(path, `${SECRET}\n`);
    chmodSync(path, 0o644);
    expect(await place(path).read()).toBe(SECRET);
    expect(modeOf(path)).toBe(0o600);
    chmodSync(path, 0o666);
    await place(path).keep("another");
    expect(modeOf(path)).toBe(0o600);
    expect(readFileSync(path, "utf8")).toBe("another\n");
  });

  it("that is empty holds nothing", async () => {
    const path = join(folder(), "client-secret");
    writeFileSync(path, "\n");
    expect(await place(path).read()).toBeUndefined();
  });

  it("leaves nothing else behind, and what was there whole where it cannot be written", async () => {
    const parent = folder();
    const path = join(parent, "client-secret");
    await place(path).prepare();
    await place(path).keep(SECRET);
    expect(readdirSync(parent)).toEqual(["client-secret"]);
    // What an earlier run left, which nobody may follow or overwrite.
    writeFileSync(join(parent, ".client-secret.part"), "");
    expect(await told(place(path).keep("another"))).toMatchObject({ errno: "EEXIST" });
    expect(await place(path).read()).toBe(SECRET);
  });
});

describe("a place for a file that will not do is refused", () => {
  it.each<[string, (parent: string) => string, RegExp]>([
    ["a missing folder", (parent) => join(parent, "nowhere", "x"), /no folder .*nowhere/],
    [
      "a folder that is a file",
      (parent) => {
        writeFileSync(join(parent, "file"), "");
        return join(parent, "file", "x");
      },
      /no folder .*file|ENOTDIR/,
    ],
    [
      "a folder",
      (parent) => {
        mkdirSync(join(parent, "x"));
        return join(parent, "x");
      },
      /is no file/,
    ],
    [
      "a symbolic link",
      (parent) => {
        writeFileSync(join(parent, "meant"), SECRET);
        symlinkSync(join(parent, "meant"), join(parent, "x"));
        return join(parent, "x");
      },
      /is a symbolic link/,
    ],
    [
      "a link to nothing",
      (parent) => {
        symlinkSync(join(parent, "nothing"), join(parent, "x"));
        return join(parent, "x");
      },
      /is a symbolic link/,
    ],
  ])("%s", async (_, make, message) => {
    const path = make(folder());
    expect(String(await told(place(path).prepare()))).toMatch(message);
    await told(place(path).keep(SECRET));
  });

  it("a folder that may not be written", async () => {
    // The kernel's own: nobody may make a file there, not even root.
    expect(await told(place("/proc/self/client-secret").prepare())).toMatchObject({
      message: expect.stringMatching(/cannot be written \(E\w+\)|no folder/),
    });
  });

  it.each([
    ["long", SECRET.repeat(1_000)],
    ["settings", `A=1\nB=${SECRET}\n`],
  ])("a file that holds something else (%s), which is left as it is", async (_, text) => {
    const path = join(folder(), "x");
    writeFileSync(path, text);
    chmodSync(path, 0o644);
    expect(String(await told(place(path).read()))).toMatch(/something else than a client secret/);
    await told(place(path).prepare());
    expect(modeOf(path)).toBe(0o644);
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});
