import { compareCoordinates, coordinatesText } from '../topology/binlog-coordinates.ts'
import type { InstanceKey } from '../topology/instance-key.ts'
import type { Topology } from '../topology/topology.ts'
import { type ActRow, actPlan, anyServerOf } from './act-plan.ts'
import { actRemark } from './act-remarks.ts'
import type { Planned } from './plan.ts'
import { refuse } from './refusals.ts'

/** New files that one request may write. */
const flushedMax = 100

/** A new binary log; with a file name as many as it takes to come to that one. */
export function planFlushBinaryLogs(topology: Topology, key: InstanceKey, upTo: string | undefined): Planned {
  const server = anyServerOf(topology, key)
  if ('refused' in server) return server
  const current = server.binlogCoordinates?.file
  if (!server.logBin || current === undefined) return refuse('no-binary-log', { server: key })
  const [has, wants] = [numberOf(current), upTo === undefined ? null : numberOf(upTo)]
  if (upTo !== undefined && (wants === null || has === null || stemOf(upTo) !== stemOf(current))) return refuse('log-file-invalid', { file: upTo, server: key })
  const count = wants === null || has === null ? 1 : wants - has
  if (count < 0) return refuse('log-file-behind', { file: upTo ?? '', current })
  if (count > flushedMax) return refuse('log-file-too-far', { file: upTo ?? '', current, count, limit: flushedMax })
  const row: ActRow = { step: { do: 'flush-binary-logs', on: key }, ifStoppedHere: actRemark('log-flushed', { server: key }) }
  return actPlan(topology, { kind: 'flush-binary-logs', says: actRemark('flush-binary-logs', { server: key }), rows: Array.from({ length: count }, () => row), concerns: [key] })
}

/** Removes the files before one, or before the newest one; refused while a known replica may still need them, unless forced. */
export function planPurgeBinaryLogs(topology: Topology, key: InstanceKey, wanted: string, isForced: boolean): Planned {
  const server = anyServerOf(topology, key)
  if ('refused' in server) return server
  const file = wanted === 'latest' ? server.binlogCoordinates?.file : wanted
  if (!server.logBin || file === undefined) return refuse('no-binary-log', { server: key })
  if (/[\0\\/]/.test(file) || file === '') return refuse('log-file-invalid', { file, server: key })
  if (!isForced) {
    for (const replica of topology.replicasOf(key)) {
      const applied = replica.replication?.executedCoordinates ?? null
      if (applied !== null && compareCoordinates(applied, { file, position: 0n }) > 0) continue
      return refuse('purge-unsafe', { server: key, file, replica: replica.key, position: applied === null ? ':0' : coordinatesText(applied) })
    }
  }
  return actPlan(topology, {
    kind: 'purge-binary-logs', says: actRemark('purge-binary-logs', { server: key, file }), warnings: isForced ? [actRemark('forced', {})] : [],
    rows: [{ step: { do: 'purge-binary-logs', on: key, upTo: file }, ifStoppedHere: actRemark('log-purged', { server: key, file }) }],
  })
}

const numberOf = (file: string): number | null => {
  const digits = /\.(\d{1,10})$/.exec(file)?.[1]
  return digits === undefined ? null : Number(digits)
}

const stemOf = (file: string): string => file.slice(0, file.lastIndexOf('.'))
