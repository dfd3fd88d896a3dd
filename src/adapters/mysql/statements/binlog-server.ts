import { setTimeout as sleep } from 'node:timers/promises'
import { fail, ok, type Result } from '../../../kit/result.ts'
import type { CoordinatesReference, Step } from '../../../model/planning/step.ts'
import { type BinlogCoordinates, compareCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import type { StepEffect } from '../../../ports/servers.ts'
import { maxscale } from '../dialects/maxscale.ts'
import type { Deadline } from '../driver/deadline.ts'
import type { Connection } from '../driver/driver.ts'
import { timedOut } from '../driver/failures.ts'
import { readLinks } from '../probe/replication-status.ts'

type Effect = Result<StepEffect, ServerFailure>

const notRunning = 1199
const lookMilliseconds = 50

/** The steps that a binlog server takes in another way than every other server; null: as they do. */
export async function performOnBinlogServer(connection: Connection, step: Step, placeOf: (at: CoordinatesReference) => string | null, deadline: Deadline): Promise<Effect | null> {
  if (step.do === 'stop-replication') return stop(connection, deadline)
  if (step.do !== 'wait-position') return null
  if (step.upTo === 'read') return ok({ statements: [] }) // it executes nothing, so that all it has read is all there is
  const place = typeof step.upTo === 'string' ? step.upTo : placeOf(step.upTo)
  return place === null ? null : waitForLog(connection, { server: step.on, place, timeoutMilliseconds: step.timeoutMilliseconds }, deadline)
}

/** To stop what does not run is refused; it is as wished. */
async function stop(connection: Connection, deadline: Deadline): Promise<Effect> {
  const statement = maxscale.stopReplication
  const sent = await connection.run([statement], deadline, 'stop')
  if (!sent.ok) return sent
  const [outcome] = sent.value
  return outcome === undefined || outcome.ok || outcome.failure.number === notRunning ? ok({ statements: [statement.sql] }) : outcome
}

interface Wait {
  readonly server: string
  readonly place: string
  readonly timeoutMilliseconds: number
}

/** It has no function that waits for a position: it is asked again and again how far it has read. */
async function waitForLog(connection: Connection, { server, place, timeoutMilliseconds }: Wait, deadline: Deadline): Promise<Effect> {
  const wanted = coordinatesOf(place)
  for (let waited = 0; ; waited += lookMilliseconds) {
    const sent = await connection.run([maxscale.replicaStatus], deadline, 'stop')
    if (!sent.ok) return sent
    const [rows] = sent.value
    if (rows === undefined || !rows.ok) return fail(rows?.failure ?? { kind: 'statement-rejected', number: null, text: `${server} does not tell how far it has read` })
    const [link] = readLinks(rows.value, { dialect: maxscale, utcOffsetMinutes: null, storedOptions: new Map(), lastHeardAt: new Map() })
    const at = link?.executedCoordinates ?? null
    if (at !== null && compareCoordinates(at, wanted) >= 0) return ok({ statements: [maxscale.replicaStatus.sql] })
    if (waited + lookMilliseconds > timeoutMilliseconds || deadline.left <= lookMilliseconds) return fail(timedOut(`${server} did not read up to ${place} within ${timeoutMilliseconds} ms`))
    await sleep(lookMilliseconds)
  }
}

function coordinatesOf(place: string): BinlogCoordinates {
  const colon = place.lastIndexOf(':')
  return { file: place.slice(0, colon), position: BigInt(place.slice(colon + 1)) }
}
