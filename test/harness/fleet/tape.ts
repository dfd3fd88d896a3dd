import { readFileSync } from 'node:fs'
import type { Column, Greeting } from './packets.ts'

/** What a real server answered to one statement. A cell that tells who the server is, or that moves with time, is null here and filled in by `cells.ts`. */
export interface TapeStatement {
  readonly sql: string
  readonly columns: readonly Column[]
  /** As of a replica that has replicas, with all rights. */
  readonly rows: readonly (readonly (string | null)[])[]
}

/** The recorded answers of a real server to everything that our probe asks. Made by `record.ts`, never by hand. */
export interface Tape {
  readonly greeting: Greeting
  readonly statements: readonly TapeStatement[]
}

export const tapeFile = new URL('./tape.json', import.meta.url)

export function readTape(): Tape {
  const tape: Tape = JSON.parse(readFileSync(tapeFile, 'utf8'))
  return tape
}
