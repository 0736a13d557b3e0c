import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { readQuery } from "./reading.ts";

const paging = z.looseObject({
  pageSize: z.coerce.number().int().min(1).max(100).default(25),
  pageNumber: z.coerce.number().int().min(1).default(1),
});
const naming = z.looseObject({ name: z.string().default("") });

/** A page of a listing of the Platform API. */
export interface GenesysPage<Item> {
  readonly entities: Item[];
  readonly pageSize: number;
  readonly pageNumber: number;
  readonly total: number;
  readonly pageCount: number;
  /** The next page, if there is one. */
  readonly nextUri?: string;
}

/** The requested page. Page size: 25 by default, 100 at most. */
export function pageOf<Item>(items: readonly Item[], request: FastifyRequest): GenesysPage<Item> {
  const { pageSize, pageNumber } = readQuery(paging, request);
  const end = pageNumber * pageSize;
  const [path = ""] = request.url.split("?");
  const next = `${path}?pageSize=${pageSize}&pageNumber=${pageNumber + 1}`;
  return {
    entities: items.slice(end - pageSize, end),
    pageSize,
    pageNumber,
    total: items.length,
    pageCount: Math.ceil(items.length / pageSize),
    ...(end < items.length ? { nextUri: next } : {}),
  };
}

/** The items whose name contains the query's `name`, case-insensitive. */
export function named<Item extends { readonly name: string }>(
  items: readonly Item[],
  request: FastifyRequest,
): readonly Item[] {
  const name = readQuery(naming, request).name.toLowerCase();
  return items.filter((item) => item.name.toLowerCase().includes(name));
}
