import type { Reason } from './reason.ts'

type Value = string | number | boolean

/** The names in braces of a text: `'{server} is {state}'` → `{ server, state }`. */
export type ParametersOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? { readonly [Key in Name]: Value } & ParametersOf<Rest> : unknown

/**
 * Makes reasons of one table of texts, so that each code is worded once. A parameter that the text names and the caller forgets does
 * not compile; more parameters than the text names are kept for whoever words the code in another language.
 */
export function reasonsOf<const Table extends Readonly<Record<string, string>>>(
  table: Table,
): ReasonTable<Table> {
  const make = <Code extends keyof Table & string>(code: Code, parameters: ParametersOf<Table[Code]> & Readonly<Record<string, Value>>): Reason =>
    ({ code, parameters, text: fill(table[code] ?? code, parameters) })
  return Object.assign(make, { texts: table })
}

export interface ReasonTable<Table extends Readonly<Record<string, string>>> {
  <Code extends keyof Table & string>(code: Code, parameters: ParametersOf<Table[Code]> & Readonly<Record<string, Value>>): Reason
  /** The whole table, for those who word it in other languages. */
  readonly texts: Table
}

const fill = (text: string, parameters: Readonly<Record<string, Value>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(parameters, name) ? String(parameters[name]) : whole))
