import { setTimeout as sleep } from 'node:timers/promises'
import { fail, ok, type Result } from '../../../kit/result.ts'
import { compareCoordinates, type BinlogCoordinates } from '../../../model/topology/binlog-coordinates.ts'
import type { ServerFailure } from '../../../model/topology/instance.ts'
import { maxscale } from '../dialects/maxscale.ts'
import type { Deadline } from '../driver/deadline.ts'
import { timedOut } from '../driver/failures.ts'
import type { Connection } from '../driver/driver.ts'
import { readLinks } from '../probe/replication-status.ts'

/** To stop what does not run is refused by a binlog server; it is as wished. */
export const isStoppedAlready = (failure: ServerFailure): boolean => failure.number === 1199

const lookMilliseconds = 50

/** A binlog server has no function that waits for a position: it is asked again and again how far it has read. */
export async function waitForLog(connection: Connection, server: string, place: string, timeoutMilliseconds: number, deadline: Deadline): Promise<Result<null, ServerFailure>> {
  const wanted = coordinatesOf(place)
  for (let waited = 0; ; waited += lookMilliseconds) {
    const sent = await connection.run([maxscale.replicaStatus], deadline, 'stop')
    if (!sent.ok) return sent
    const [rows] = sent.value
    if (rows === undefined || !rows.ok) return fail(rows?.failure ?? { kind: 'statement-rejected', number: null, text: `${server} does not tell how far it has read` })
    const [link] = readLinks(rows.value, { dialect: maxscale, utcOffsetMinutes: null, storedOptions: new Map(), lastHeardAt: new Map() })
    const at = link?.executedCoordinates ?? null
    if (at !== null && compareCoordinates(at, wanted) >= 0) return ok(null)
    if (waited + lookMilliseconds > timeoutMilliseconds || deadline.left <= lookMilliseconds) return fail(timedOut(`${server} did not read up to ${place} within ${timeoutMilliseconds} ms`))
    await sleep(lookMilliseconds)
  }
}

function coordinatesOf(place: string): BinlogCoordinates {
  const colon = place.lastIndexOf(':')
  return { file: place.slice(0, colon), position: BigInt(place.slice(colon + 1)) }
}
