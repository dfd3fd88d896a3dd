import { fail, ok, type Result } from '../../kit/result.ts'
import type { AgentCommand, AgentReport, MountPoint } from './agent.ts'
import { copiedText, copyBegins, type CopyLook, judgeCopy, pauseSeconds, stalledText } from './copy-progress.ts'

/** A copy of all data of one host to another. */
export interface SeedHosts {
  readonly id: number
  readonly target: string
  readonly source: string
}

type Side = 'target' | 'source'

/** What whoever drives a seed is to do next. */
export type SeedOrder =
  /** Write down what is done from here on. */
  | { readonly order: 'row'; readonly text: string }
  /** The step of the last row failed. */
  | { readonly order: 'failed'; readonly text: string }
  /** Ask the agent everything. */
  | { readonly order: 'look'; readonly at: Side }
  | { readonly order: 'command'; readonly on: Side; readonly command: AgentCommand }
  /** The same, without waiting for its answer: agents answer these late, or never. */
  | { readonly order: 'background'; readonly on: Side; readonly command: AgentCommand }
  | { readonly order: 'wait'; readonly seconds: number }
  | { readonly order: 'look-at-copy' }
  /** Read the MySQL of the target. */
  | { readonly order: 'discover'; readonly port: number }

export type SeedAnswer = Result<AgentReport | CopyLook | null, string>

/** Null: it was done. Else why it failed, as it stands in the row of its step. */
export type SeedEnd = string | null

export type SeedRun = Generator<SeedOrder, SeedEnd, SeedAnswer>

export interface SeedPolicy {
  readonly waitSecondsBeforeSend: number
}

/** Where a seed begins: anew, or where the process that drove it ended. */
export type SeedBeginning =
  | { readonly at: 'beginning' }
  | { readonly at: 'copy'; readonly bytes: number; readonly volume: string }
  | { readonly at: 'unmount'; readonly volume: string }
  | { readonly at: 'start' }
  | { readonly at: 'submit' }

export const seedTexts = {
  mysqlRuns: 'MySQL is running on target host. Cowardly refusing to proceed. Please stop the MySQL service',
  noVolumes: 'No logical volumes found on source host',
  isMounted: 'Volume already mounted on source host; please unmount',
} as const

/** Rows of steps of which a restart must know. */
export const seedRows = {
  mounting: (source: string, volume: string) => `${source} Mounting logical volume: ${volume}`,
  bytes: (source: string, bytes: number | string) => `MySQL data volume on source host ${source} is ${bytes} bytes`,
  erasing: (target: string) => `Erasing MySQL data on ${target}`,
  receiving: (target: string) => `${target} will now receive data in background`,
  sending: (source: string, target: string) => `${source} will now send data to ${target} in background`,
  postCopy: (target: string) => `Executing post-copy command on ${target}`,
  unmounting: (source: string, volume: string) => `${source} Unmounting logical volume: ${volume}`,
  starting: (target: string) => `Starting MySQL on target: ${target}`,
  submitting: (target: string) => `Submitting MySQL instance for discovery: ${target}`,
} as const

/** The whole copy, one order after the other. Ends as soon as a step fails, and then lets go of the volume that it mounted. */
export function* seedRun(seed: SeedHosts, policy: SeedPolicy, from: SeedBeginning = { at: 'beginning' }): SeedRun {
  let at = from
  if (at.at === 'beginning') {
    const ready = yield* prepare(seed)
    if (!ready.ok) return ready.failure
    const { volume, bytes } = ready.value
    const erased = yield* eraseTarget(seed, bytes)
    if (erased !== null) return yield* letGo(erased)
    yield row(seedRows.receiving(seed.target))
    yield { order: 'background', on: 'target', command: { do: 'receive', seed: seed.id } }
    yield row(`Waiting ${policy.waitSecondsBeforeSend} seconds for ${seed.target} to start listening for incoming data`)
    yield { order: 'wait', seconds: policy.waitSecondsBeforeSend }
    yield row(seedRows.sending(seed.source, seed.target))
    yield { order: 'background', on: 'source', command: { do: 'send', to: seed.target, seed: seed.id } }
    at = { at: 'copy', bytes, volume }
  }
  if (at.at === 'copy') {
    const copied = yield* watchCopy(seed, at.bytes)
    if (copied !== null) return copied
    yield row(seedRows.postCopy(seed.target))
    const after = yield* told('target', { do: 'post-copy', from: seed.source })
    if (after !== null) return yield* letGo(after)
    at = { at: 'unmount', volume: at.volume }
  }
  if (at.at === 'unmount') {
    yield row(seedRows.unmounting(seed.source, at.volume))
    const unmounted = from.at === 'unmount' ? yield* unlessAlready('source', report => report.mountPoint?.isMounted === false, { do: 'unmount' }) : yield* told('source', { do: 'unmount' })
    if (unmounted !== null) return yield* failed(unmounted)
    at = { at: 'start' }
  }
  if (at.at === 'start') {
    yield row(seedRows.starting(seed.target))
    const started = from.at === 'start' ? yield* unlessAlready('target', report => report.isMysqlRunning === true, { do: 'start-mysql' }) : yield* told('target', { do: 'start-mysql' })
    if (started !== null) return yield* failed(started)
  }
  yield row(seedRows.submitting(seed.target))
  const target = yield* look('target')
  if (target.ok) yield* discover(target.value)
  yield row('Done')
  return null
}

/** Everything that can be known before the target loses its data; ends with the source's volume mounted. */
function* prepare({ target, source }: SeedHosts): Generator<SeedOrder, Result<{ readonly volume: string; readonly bytes: number }, string>, SeedAnswer> {
  yield row(`getting target agent info for ${target}`)
  const seenTarget = yield* look('target')
  if (!seenTarget.ok) return fail(yield* failed(seenTarget.failure))
  yield* discover(seenTarget.value)
  yield row(`getting source agent info for ${source}`)
  const seenSource = yield* look('source')
  if (!seenSource.ok) return fail(yield* failed(seenSource.failure))
  yield row(`Checking MySQL status on target ${target}`)
  const running = whyNotErased(target, seenTarget.value)
  if (running !== null) return fail(yield* failed(running))
  yield row(`Looking up available snapshots on source ${source}`)
  if (seenSource.value.volumes === null) return fail(yield* failed(unknownText(source, 'its logical volumes')))
  const [volume] = seenSource.value.volumes
  if (volume === undefined) return fail(yield* failed(seedTexts.noVolumes))
  yield row(`Checking mount point on source ${source}`)
  if (seenSource.value.mountPoint === null) return fail(yield* failed(unknownText(source, 'its mount point')))
  if (seenSource.value.mountPoint.isMounted) return fail(yield* failed(seedTexts.isMounted))
  yield row(seedRows.mounting(source, volume.path))
  const mounted = yield* told('source', { do: 'mount', volume: volume.path })
  if (mounted !== null) {
    // Of a command that failed nobody knows how far it came.
    const left = yield* look('source')
    return fail(left.ok && left.value.mountPoint?.isMounted === true ? yield* letGo(mounted) : yield* failed(mounted))
  }
  const seen = yield* look('source')
  const mountPoint = seen.ok ? seen.value.mountPoint : null
  const bytes = bytesOf(mountPoint)
  yield row(seedRows.bytes(source, bytes ?? 'an unknown number of'))
  if (!seen.ok) return fail(yield* letGo(seen.failure))
  if (mountPoint?.isMounted !== true) return fail(yield* letGo(`The volume ${volume.path} is not mounted on source host ${source}`))
  if (bytes === null) return fail(yield* letGo(`No MySQL data found in the volume ${volume.path} on source host ${source}`))
  return ok({ volume: volume.path, bytes })
}

/** The first step that destroys something: the target is looked at once more just before. Null: it is empty, and has the room. */
function* eraseTarget({ target }: SeedHosts, bytes: number): Generator<SeedOrder, string | null, SeedAnswer> {
  yield row(seedRows.erasing(target))
  const before = yield* look('target')
  if (!before.ok) return before.failure
  const running = whyNotErased(target, before.value)
  if (running !== null) return running
  const { dataFolderFreeBytes: free, mysqlDiskUsageBytes: used } = before.value
  // What does not fit even when all of its data are gone must not cost these data.
  if (free !== null && used !== null && bytes > free + used) return noRoomText(target, bytes, free + used)
  const erased = yield* told('target', { do: 'erase-data' })
  if (erased !== null) return erased
  yield row(`Acquiring target host datadir free space on ${target}`)
  const after = yield* look('target')
  if (!after.ok) return after.failure
  const room = after.value.dataFolderFreeBytes
  if (room === null) return unknownText(target, 'the free space of its data folder')
  return bytes > room ? noRoomText(target, bytes, room) : null
}

/** Null: everything was copied. */
function* watchCopy({ id, target }: SeedHosts, bytes: number): Generator<SeedOrder, string | null, SeedAnswer> {
  let progress = copyBegins
  for (;;) { // ends with the copy, or when it stands still for too long
    yield { order: 'wait', seconds: pauseSeconds(progress) }
    const answer = yield { order: 'look-at-copy' }
    const seen = answer.ok && answer.value !== null && 'copiedBytes' in answer.value ? answer.value : { copiedBytes: null, isCompleted: null, isSucceeded: null }
    const judged = judgeCopy(progress, seen)
    progress = judged.progress
    yield row(copiedText(progress.copiedBytes ?? 0, bytes))
    if (judged.verdict === 'done') return null
    if (judged.verdict === 'goes-on') continue
    const why = judged.verdict === 'stalled' ? stalledText : `The agent of target host ${target} says that the copy failed. Bailing out.`
    for (const on of ['target', 'source'] as const) yield { order: 'command', on, command: { do: 'abort', seed: id } }
    return yield* letGo(why)
  }
}

/** The step failed: the source lets go of its volume, and what could not be undone is said beside. */
function* letGo(why: string): Generator<SeedOrder, string, SeedAnswer> {
  const unmounted = yield* told('source', { do: 'unmount' })
  return yield* failed(unmounted === null ? why : `${why}; the source host could not be told to unmount: ${unmounted}`)
}

function* failed(text: string): Generator<SeedOrder, string, SeedAnswer> {
  yield { order: 'failed', text }
  return text
}

function* look(at: Side): Generator<SeedOrder, Result<AgentReport, string>, SeedAnswer> {
  const answer = yield { order: 'look', at }
  if (!answer.ok) return answer
  return answer.value !== null && 'volumes' in answer.value ? ok(answer.value) : fail('no report was given')
}

/** Null: done. Else why not. */
function* told(on: Side, command: AgentCommand): Generator<SeedOrder, string | null, SeedAnswer> {
  const answer = yield { order: 'command', on, command }
  return answer.ok ? null : answer.failure
}

/** After a restart nobody knows whether it was done before. */
function* unlessAlready(on: Side, isDone: (report: AgentReport) => boolean, command: AgentCommand): Generator<SeedOrder, string | null, SeedAnswer> {
  const seen = yield* look(on)
  if (!seen.ok) return seen.failure
  return isDone(seen.value) ? null : yield* told(on, command)
}

function* discover({ mysqlPort }: AgentReport): Generator<SeedOrder, void, SeedAnswer> {
  if (mysqlPort !== null) yield { order: 'discover', port: mysqlPort }
}

const row = (text: string): SeedOrder => ({ order: 'row', text })

/** A target of which nobody knows whether its MySQL runs keeps its data. */
function whyNotErased(target: string, { isMysqlRunning }: AgentReport): string | null {
  if (isMysqlRunning === null) return unknownText(target, 'whether MySQL is running')
  return isMysqlRunning ? seedTexts.mysqlRuns : null
}

const bytesOf = (mountPoint: MountPoint | null): number | null => ((mountPoint?.mysqlDiskUsageBytes ?? 0) > 0 ? (mountPoint?.mysqlDiskUsageBytes ?? null) : null)
const unknownText = (host: string, what: string): string => `The agent of ${host} did not say ${what}`
const noRoomText = (target: string, bytes: number, room: number): string => `Not enough disk space on target host ${target}. Required: ${bytes}, available: ${room}. Bailing out.`
