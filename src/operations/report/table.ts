/**
 * [pure] A table as lines of text. The first `left` columns are aligned to the left, all others to the
 * right.
 */
export function tableLines(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  left = 1,
): string[] {
  const widths = heading.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [heading, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** [pure] A share as text: `93 %`; empty if there is no whole. */
export function shareText(part: number, whole: number): string {
  return whole === 0 ? "" : `${Math.round((100 * part) / whole)} %`;
}
