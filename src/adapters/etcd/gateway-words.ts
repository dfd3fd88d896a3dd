import type { EtcdAct, EtcdAnswer, EtcdCondition, EtcdEvent, EtcdFailure, EtcdTransaction, EtcdValue, EtcdWatch } from '../../ports/etcd.ts'

// The gateway writes bytes as base64 and 64-bit numbers as text, and leaves out what is zero, false or empty. Source: etcd's rpc.proto, kv.proto.

export type Fields = Readonly<Record<string, unknown>>

export const encoded = (value: string | Uint8Array): string =>
  (typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength)).toString('base64')

const conditionFields = (condition: EtcdCondition): Fields => ('value' in condition
  ? { key: encoded(condition.key), target: 'VALUE', result: 'EQUAL', value: encoded(condition.value) }
  : { key: encoded(condition.key), target: 'CREATE', result: 'EQUAL', create_revision: String(condition.createRevision) })

function actFields(act: EtcdAct): Fields {
  const key = encoded(act.key)
  switch (act.do) {
    case 'put': return { request_put: { key, value: encoded(act.value), ...(act.lease === undefined ? {} : { lease: act.lease }) } }
    case 'delete': return { request_delete_range: { key, ...range(act.upTo) } }
    case 'get': return { request_range: { key, ...range(act.upTo), ...(act.limit === undefined ? {} : { limit: String(act.limit) }) } }
  }
}

const range = (upTo: string | undefined): Fields => (upTo === undefined ? {} : { range_end: encoded(upTo) })

export const transactionFields = ({ when, acts, otherwise }: EtcdTransaction): Fields =>
  ({ compare: when.map(conditionFields), success: acts.map(actFields), failure: otherwise.map(actFields) })

export const watchFields = ({ key, upTo, fromRevision }: EtcdWatch): Fields =>
  ({ create_request: { key: encoded(key), range_end: encoded(upTo), start_revision: String(fromRevision) } })

export function answerOf(fields: Fields): EtcdAnswer {
  const header = objectOf(fields['header'])
  const responses = listOf(fields['responses']).map(objectOf)
  return {
    holds: fields['succeeded'] === true,
    got: responses.filter(response => 'response_range' in response).map(response => listOf(objectOf(response['response_range'])['kvs']).map(value => valueOf(objectOf(value)))),
    revision: numberOf(header['revision']),
    cluster: textOf(header['cluster_id']),
  }
}

function valueOf(fields: Fields): EtcdValue {
  const lease = textOf(fields['lease'])
  return {
    key: Buffer.from(textOf(fields['key']), 'base64').toString('utf8'),
    value: Buffer.from(textOf(fields['value']), 'base64'),
    createRevision: numberOf(fields['create_revision']),
    lease: lease === '' || lease === '0' ? null : lease,
  }
}

export const eventsOf = (result: Fields): readonly EtcdEvent[] => listOf(result['events']).map(each => {
  const event = objectOf(each)
  const fields = objectOf(event['kv'])
  const revision = numberOf(fields['mod_revision'])
  const value = valueOf(fields)
  return event['type'] === 'DELETE' ? { kind: 'deleted', key: value.key, revision } : { kind: 'put', value, revision }
})

/** Codes of gRPC (google.golang.org/grpc/codes). */
const grpc = { deadlineExceeded: 4, notFound: 5, permissionDenied: 7, resourceExhausted: 8, outOfRange: 11, unavailable: 14, unauthenticated: 16 } as const

/** What etcd said instead of an answer. Its sentences are part of its interface (rpctypes); codes alone do not tell quota from size. */
export function failureOf(fields: Fields, status: number, from: string): EtcdFailure {
  const error = typeof fields['error'] === 'object' ? objectOf(fields['error']) : fields
  const code = numberOf(error['grpc_code'] ?? error['code'])
  const said = textOf(error['message']) || textOf(error['error']) || `HTTP status ${status}`
  const text = `${from}: ${said}`
  if (/database space exceeded|NOSPACE/.test(said)) return { kind: 'full', text }
  if (/too large|larger than max|too many operations/.test(said)) return { kind: 'too-large', text }
  if (/required revision has been compacted/.test(said)) return { kind: 'compacted', text }
  if (/requested lease not found/.test(said)) return { kind: 'lease-gone', text }
  if (code === grpc.permissionDenied || code === grpc.unauthenticated || status === 401 || status === 403 || /user name is empty|authentication failed|invalid auth token|authentication is not enabled/.test(said)) return { kind: 'denied', text }
  const isPassing = code === grpc.unavailable || code === grpc.deadlineExceeded || /no leader|request timed out|leader changed|server stopped|too many requests|not healthy|is a learner|transport is closing|connection (refused|error)/.test(said)
  return { kind: isPassing ? 'unreachable' : 'refused', text }
}

export const isTokenRefused = ({ kind, text }: EtcdFailure): boolean => kind === 'denied' && /invalid auth token|user name is empty|revision of auth store is old/.test(text)

export function parsed(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
export const objectOf = (value: unknown): Fields => (isObject(value) ? value : {})
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
export const numberOf = (value: unknown): number => (typeof value === 'number' ? value : typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : 0)
