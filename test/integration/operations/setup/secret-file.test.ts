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
  const path = mkdtempSync(join(tmpdir(), "ringahead-secret-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const place = (path: string) => secretFile(path, () => "part");
const modeOf = (path: string) => statSync(path).mode & 0o777;

async function failureOf(work: Promise<unknown>) {
  const failure = await work.catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "Failure", kind: "misconfigured", source: "worker" });
  expect(JSON.stringify(failure) + String(failure)).not.toContain(SECRET);
  return failure;
}

describe("a file", () => {
  it("stores a secret that only its owner can read", async () => {
    const path = join(folder(), "client-secret");
    const file = place(path);
    expect(await file.read()).toBeUndefined();
    await file.prepare();
    expect(existsSync(path)).toBe(false);
    await file.store(SECRET);
    expect(modeOf(path)).toBe(0o600);
    expect(await file.read()).toBe(SECRET);
    expect(file.description).toBe(path);
  });

  it("gives a reference that a shell can read, whatever the path", async () => {
    const path = join(folder(), "the client's $HOME secret");
    const file = place(path);
    await file.store(SECRET);
    const value = await file.reference();
    expect(value).not.toContain(SECRET);
    const read = execFileSync("sh", ["-c", `printf %s ${value}`], { encoding: "utf8" });
    expect(read).toBe(SECRET);
  });

  it("is described by its absolute path", async () => {
    const path = join(folder(), "client-secret");
    const file = place(relative(process.cwd(), path));
    expect(file.description).toBe(path);
    await file.store(SECRET);
    expect(await file.reference()).toContain(path);
  });

  it("loses wider permissions when it is read and when it is written", async () => {
    const path = join(folder(), "client-secret");
    writeFileSync(path, `${SECRET}\n`);
    chmodSync(path, 0o644);
    expect(await place(path).read()).toBe(SECRET);
    expect(modeOf(path)).toBe(0o600);
    chmodSync(path, 0o666);
    await place(path).store("another");
    expect(modeOf(path)).toBe(0o600);
    expect(readFileSync(path, "utf8")).toBe("another\n");
  });

  it("that is empty holds no secret", async () => {
    const path = join(folder(), "client-secret");
    writeFileSync(path, "\n");
    expect(await place(path).read()).toBeUndefined();
  });

  it("leaves no temporary file, and keeps the old secret if it cannot be written", async () => {
    const parent = folder();
    const path = join(parent, "client-secret");
    await place(path).prepare();
    await place(path).store(SECRET);
    expect(readdirSync(parent)).toEqual(["client-secret"]);
    // A leftover of an earlier run, which must not be followed or overwritten.
    writeFileSync(join(parent, ".client-secret.part"), "");
    expect(await failureOf(place(path).store("another"))).toMatchObject({ errno: "EEXIST" });
    expect(await place(path).read()).toBe(SECRET);
  });
});

describe("an unsuitable path is refused", () => {
  it.each<[string, (parent: string) => string, RegExp]>([
    [
      "a missing folder",
      (parent) => join(parent, "nowhere", "x"),
      /the folder .*nowhere does not exist/,
    ],
    [
      "a folder that is a file",
      (parent) => {
        writeFileSync(join(parent, "file"), "");
        return join(parent, "file", "x");
      },
      /the folder .*file does not exist|ENOTDIR/,
    ],
    [
      "a folder",
      (parent) => {
        mkdirSync(join(parent, "x"));
        return join(parent, "x");
      },
      /is not a regular file/,
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
      "a broken symbolic link",
      (parent) => {
        symlinkSync(join(parent, "nothing"), join(parent, "x"));
        return join(parent, "x");
      },
      /is a symbolic link/,
    ],
  ])("%s", async (_, make, message) => {
    const path = make(folder());
    expect(String(await failureOf(place(path).prepare()))).toMatch(message);
    await failureOf(place(path).store(SECRET));
  });

  it("a folder that cannot be written", async () => {
    // Not even root can create a file there.
    expect(await failureOf(place("/proc/self/client-secret").prepare())).toMatchObject({
      message: expect.stringMatching(/cannot be written \(E\w+\)|does not exist/),
    });
  });

  it.each([
    ["long", SECRET.repeat(1_000)],
    ["settings", `A=1\nB=${SECRET}\n`],
  ])("a file with other content (%s), which stays unchanged", async (_, text) => {
    const path = join(folder(), "x");
    writeFileSync(path, text);
    chmodSync(path, 0o644);
    expect(String(await failureOf(place(path).read()))).toMatch(
      /something other than a client secret/,
    );
    await failureOf(place(path).prepare());
    expect(modeOf(path)).toBe(0o644);
    expect(readFileSync(path, "utf8")).toBe(text);
  });
});
