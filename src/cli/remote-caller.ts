import { setTimeout } from 'node:timers/promises'
import { reasonsOf } from '../kit/reason-table.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import type { Reason } from '../kit/reason.ts'
import type { OperationName } from '../contract/all.ts'
import type { DryRunView, OperationAnswer } from '../contract/views.ts'
import { fromJson } from '../contract/wire.ts'
import { describeInstance } from '../model/topology/describe.ts'
import { defaultFreshnessPolicy } from '../model/topology/freshness.ts'
import type { Caller, TextInput } from './caller.ts'

export interface RemoteSettings {
  /** ORCHESTRATOR_API: one or more addresses parted by blanks; the one that leads is asked. */
  readonly addresses: readonly string[]
  readonly user: string
  readonly password: string
  /** A whole header `Name: value`. */
  readonly header: string
  /** How long is waited for one of several to lead; not at all without it. */
  readonly leaderWaitMilliseconds?: number
}

export const remoteReason = reasonsOf({
  'cannot-access': 'Cannot access orchestrator at {address}: {text}',
  'no-leader': 'Cannot determine leader from {addresses}',
  'strange-answer': '{address} answered status {status}: {text}',
} as const)

/** A takeover may well take minutes; a service that is gone is noticed by its closed connection. */
const answerMilliseconds = 600_000
const leaderCheckMilliseconds = 1000
const betweenSearchesMilliseconds = 300

/** Runs operations in a service over its API. */
export function remoteCaller(settings: RemoteSettings, now: () => number): Caller {
  const base = once(() => leaderAmong(settings))
  const post = async (name: OperationName, body: unknown): Promise<Result<OperationAnswer, Reason>> => {
    const address = await base()
    if (!address.ok) return address
    return request(`${address.value}/v2/operations/${name}`, { method: 'POST', headers: { ...headersOf(settings), 'content-type': 'application/json' }, body: JSON.stringify(body) })
  }
  return {
    run: async (name, input: TextInput, fingerprint) => {
      const answer = await post(name, { input, wait: true, ...(fingerprint === '' ? {} : { fingerprint }) })
      if (!answer.ok) return answer
      return answer.value.state === 'done' ? ok(answer.value.output) : answer.value.state === 'refused' ? fail(answer.value.refused) : ok(null)
    },
    dryRun: async (name, input): Promise<Result<DryRunView, Reason>> => {
      const answer = await post(name, { input, dryRun: true })
      if (!answer.ok) return answer
      const { value } = answer
      if (value.state === 'refused') return fail(value.refused)
      if (value.state === 'started' || value.state === 'done') return fail(remoteReason('strange-answer', { address: 'the service', status: 200, text: value.state }))
      return ok(value)
    },
    describe: instance => describeInstance(instance, defaultFreshnessPolicy, now()),
    close: () => Promise.resolve(),
  }
}

const headersOf = ({ user, password, header }: RemoteSettings): Record<string, string> => {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(header) ?? []
  return {
    ...(user === '' && password === '' ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }),
    ...(name === undefined || value === undefined ? {} : { [name]: value }),
  }
}

async function request(address: string, init: RequestInit): Promise<Result<OperationAnswer, Reason>> {
  let response: Response
  try {
    response = await fetch(address, { ...init, signal: AbortSignal.timeout(answerMilliseconds) })
  } catch (error) {
    return fail(remoteReason('cannot-access', { address, text: error instanceof Error ? causeText(error) : String(error) }))
  }
  const text = await response.text()
  if (response.status === 401) return fail(remoteReason('cannot-access', { address, text: '401 Unauthorized' }))
  if (!/json/.test(response.headers.get('content-type') ?? '')) return fail(remoteReason('strange-answer', { address, status: response.status, text: text.trim().slice(0, 200) }))
  const value = fromJson(text)
  if (isAnswer(value)) return ok(value)
  return fail(isReason(value) ? value : remoteReason('strange-answer', { address, status: response.status, text: text.slice(0, 200) }))
}

const causeText = (error: Error): string => (error.cause instanceof Error ? error.cause.message : error.message)
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
// The service is of this program; its answers have the shapes of the contract.
const isAnswer = (value: unknown): value is OperationAnswer => isRecord(value) && typeof value['state'] === 'string'
const isReason = (value: unknown): value is Reason => isRecord(value) && typeof value['code'] === 'string' && typeof value['text'] === 'string'

/** The address that commands run in. */
export const addressInUse = (settings: RemoteSettings): Promise<Result<string, Reason>> => leaderAmong(settings)

/** Reads an address of the service as it stands; it is the service that says who may ask what. */
export async function readAddress(settings: RemoteSettings, path: string): Promise<Result<{ readonly text: string; readonly status: number }, Reason>> {
  const base = await leaderAmong(settings)
  if (!base.ok) return base
  const address = `${base.value}/${path.replace(/^\/+/, '')}`
  try {
    const response = await fetch(address, { headers: headersOf(settings), signal: AbortSignal.timeout(answerMilliseconds) })
    return ok({ text: (await response.text()).trimEnd(), status: response.status })
  } catch (error) {
    return fail(remoteReason('cannot-access', { address, text: error instanceof Error ? causeText(error) : String(error) }))
  }
}

/** `/api` is appended where it is missing; of several addresses the one that leads is taken. */
async function leaderAmong(settings: RemoteSettings): Promise<Result<string, Reason>> {
  const addresses = settings.addresses.map(address => address.replace(/\/+$/, '')).map(address => (address.endsWith('/api') ? address : `${address}/api`))
  const [only] = addresses
  if (addresses.length === 1 && only !== undefined) return ok(only)
  const { leaderWaitMilliseconds = 0 } = settings
  const began = performance.now()
  for (;;) {
    for (const check of ['leader-check', 'routed-leader-check']) {
      for (const address of addresses) {
        const status = await fetch(`${address}/${check}`, { headers: headersOf(settings), signal: AbortSignal.timeout(leaderCheckMilliseconds) }).then(({ status }) => status, () => 0)
        if (status === 200) return ok(address)
        if (status === 401) return fail(remoteReason('cannot-access', { address, text: '401 Unauthorized' }))
      }
    }
    if (performance.now() - began >= leaderWaitMilliseconds) return fail(remoteReason('no-leader', { addresses: addresses.join(' ') }))
    await setTimeout(betweenSearchesMilliseconds)
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null
  return () => (made ??= make())
}
