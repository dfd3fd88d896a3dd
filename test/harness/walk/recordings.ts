import { golden } from '../recorded/recorded-topology.ts'

/** How an answer of the original was asked for, and how it came (test/fixtures/golden/index.json). */
export interface Recording {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly path: string
  readonly status: number
  readonly contentType: string
  /** A setup that differs from that of the others. */
  readonly note?: string
}

// The file has this shape.
export const recordings = JSON.parse(golden('index.json')) as Readonly<Record<string, Recording>>
