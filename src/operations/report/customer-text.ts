import { type CustomerCounts, type Customers, foundOf } from "./customers.ts";
import { shareText, tableLines } from "./table.ts";

const HEADING = [
  ...["country", "kind", "conversations", "exact", "national", "otherwise"],
  ...["ambiguous", "not found", "found share"],
];

/** [pure] The lines of "Matches by country and kind"; none if nobody was looked up. */
export function groupLines(customers: Customers): readonly string[] {
  const { conversations, ambiguous, notFound, groups } = customers;
  if (conversations === 0) return [];
  const shares = [
    `${shareText(foundOf(customers), conversations)} found`,
    `${shareText(ambiguous, conversations)} ambiguous`,
    `${shareText(notFound, conversations)} not found`,
  ];
  return [
    `conversations with a lookup: ${conversations}, of these ${shares.join(", ")}`,
    ...tableLines(
      HEADING,
      groups.map((group) => [group.country, group.kind, ...cellsOf(group)]),
      2,
    ),
  ];
}

function cellsOf(counts: CustomerCounts): readonly string[] {
  const { conversations, exact, national, otherwise, ambiguous, notFound } = counts;
  return [
    ...[conversations, exact, national, otherwise, ambiguous, notFound].map(String),
    shareText(foundOf(counts), conversations),
  ];
}

/** [pure] The lines of "How they were found", most frequent first. */
export function foundByLines(customers: Customers): readonly string[] {
  const found = foundOf(customers);
  const rows = Object.entries(customers.foundBy)
    .toSorted(([, a], [, b]) => b - a)
    .map(([by, count]) => [by, String(count), shareText(count, found)]);
  return rows.length === 0 ? [] : tableLines(["found by", "conversations", "share"], rows);
}
