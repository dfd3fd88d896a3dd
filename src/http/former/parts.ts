import type { BinlogCoordinates } from '../../model/topology/binlog-coordinates.ts'
import { hostOf, type InstanceKey, portOf } from '../../model/topology/instance-key.ts'
import { wholeNumber } from '../../contract/wire.ts'

/** The small shapes of the original's JSON (contract http-api.md 5), made from the model. */

export interface FormerKey {
  readonly Hostname: string
  readonly Port: number
}

export const noKey: FormerKey = { Hostname: '', Port: 0 }

export const formerKey = (key: InstanceKey | null | undefined): FormerKey => (key === null || key === undefined ? noKey : { Hostname: hostOf(key), Port: portOf(key) })

export const formerKeys = (keys: readonly InstanceKey[]): readonly FormerKey[] => keys.map(formerKey)

/** Type 0: binary log, 1: relay log. */
export const formerCoordinates = (coordinates: BinlogCoordinates | null, type: 0 | 1 = 0) => ({
  LogFile: coordinates?.file ?? '', LogPos: wholeNumber(coordinates?.position ?? 0n), Type: type,
})

/** Whole, as the name of its member says. */
export const nullableNumber = (value: number | null) => ({ Int64: Math.trunc(value ?? 0), Valid: value !== null })
export const nullableBoolean = (value: boolean | null) => ({ Bool: value ?? false, Valid: value !== null })

/** `2026-11-22T05:55:05Z`; '' for never. */
export const formerTime = (at: number | null): string => (at === null ? '' : `${new Date(at).toISOString().slice(0, 19)}Z`)

/** `2026-11-22 05:55:05`, the form of values that passed through an expression. */
export const formerPlainTime = (at: number | null): string => (at === null ? '' : new Date(at).toISOString().slice(0, 19).replace('T', ' '))

const nanosecondsPerMillisecond = 1_000_000

export const nanoseconds = (milliseconds: number): number => Math.round(milliseconds * nanosecondsPerMillisecond)
