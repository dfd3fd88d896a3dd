import type { AnyOperation, Field } from '../../contract/operation.ts'
import { ok, type Result } from '../../kit/result.ts'
import { clusterOfHint, fuzzyKey } from '../../model/topology/cluster-hint.ts'
import { hostOf, instanceKey, isValidKey, type InstanceKey, parseInstanceKey } from '../../model/topology/instance-key.ts'
import type { OperationParts } from './parts.ts'
import { operationReason, refuse, type Refused, serverFailed } from './refusals.ts'

/** A value as it came: a text, a member of a JSON body, or the two segments of a former route. */
export type RawValue = string | number | boolean | { readonly host: string; readonly port: string }
export type RawInput = Readonly<Record<string, RawValue | undefined>>

type Reading = Pick<OperationParts, 'topology' | 'policy' | 'resolve'>

/** Reads every declared input by its kind; the first that cannot be read is refused. Unknown names are refused too, so that a slip is not ignored. */
export async function readInput(declared: AnyOperation, raw: RawInput, parts: Reading): Promise<Result<Readonly<Record<string, unknown>>, Refused>> {
  const input: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(declared.input)) {
    const value = raw[name]
    if (value === undefined || value === '') {
      if (field.required) return refuse(operationReason('input-missing', { name }))
      continue
    }
    const read = await readers[field.kind](value, parts, name)
    if (!read.ok) return read
    if (read.value !== undefined) input[name] = read.value
  }
  const unknown = Object.keys(raw).find(name => declared.input[name] === undefined && raw[name] !== undefined)
  return unknown === undefined ? ok(input) : refuse(operationReason('input-unreadable', { name: unknown, text: `${declared.name} has no such input` }))
}

type Reader = (value: RawValue, parts: Reading, name: string) => Promise<Result<unknown, Refused>> | Result<unknown, Refused>

const readers: Readonly<Record<Field<unknown>['kind'], Reader>> = {
  'text': (value, _parts, name) => (typeof value === 'object' ? refuse(operationReason('input-unreadable', { name, text: 'a text is expected' })) : ok(String(value).trim())),
  'number': (value, _parts, name) =>
    (/^-?\d+(\.\d+)?$/.test(String(value)) ? ok(Number(value)) : refuse(operationReason('input-unreadable', { name, text: 'a number is expected' }))),
  'boolean': (value, _parts, name) =>
    (/^(true|false)$/.test(String(value)) ? ok(String(value) === 'true') : refuse(operationReason('input-unreadable', { name, text: 'true or false is expected' }))),
  'page': value => ok(/^\d{1,9}$/.test(String(value)) ? Number(value) : 0),
  // A number in a JSON body is seconds; a text always has its unit.
  'duration': value => (typeof value === 'number' && value >= 0 ? ok(value) : duration(String(value))),
  'exact-instance': (value, parts) => givenKey(value, parts),
  'instance': async (value, parts) => {
    const given = givenKey(value, parts)
    return given.ok ? knownKey(given.value, parts) : given
  },
  'cluster': async (value, parts) => {
    const hint = typeof value === 'object' ? `${value.host}:${value.port}` : String(value).trim()
    const found = clusterOfHint(parts.topology(), hint)
    return found.ok ? found : (await clusterOfResolved(hint, parts)) ?? refuse({ ...operationReason('cluster-unknown', { hint }), text: found.failure })
  },
}

/** The hint may be a server under a name by which it was asked for (an address, an alias of the network), not the one it is filed under. */
async function clusterOfResolved(hint: string, parts: Reading): Promise<Result<string, Refused> | null> {
  const given = parseInstanceKey(hint, parts.policy().defaultPort)
  if (!given.ok) return null
  const known = await knownKey(given.value, parts)
  const instance = known.ok ? parts.topology().get(known.value) : undefined
  return instance === undefined ? null : ok(instance.clusterName)
}

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Seconds of `59s`, `10m`, `2h`, `6d`, `4w` (contract http-api.md 3.3). */
function duration(text: string): Result<number, Refused> {
  const [, digits, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  return digits === undefined || unit === undefined ? refuse(operationReason('duration-invalid', { text })) : ok(Number(digits) * (secondsPer[unit] ?? 1))
}

function givenKey(value: RawValue, parts: Reading): Result<InstanceKey, Refused> {
  if (typeof value === 'object') {
    if (!/^\d{1,5}$/.test(value.port) || Number(value.port) > 65535) return refuse(operationReason('port-invalid', { port: value.port }))
    return ok(instanceKey(value.host.replace(/^\[(.*)\]$/, '$1'), Number(value.port)))
  }
  const parsed = parseInstanceKey(String(value), parts.policy().defaultPort)
  return parsed.ok ? parsed : refuse(operationReason('address-invalid', { text: parsed.failure }))
}

/** The server that is meant: by its canonical name, then as part of a known one. A key that cannot be probed is left as it stands. */
async function knownKey(given: InstanceKey, parts: Reading): Promise<Result<InstanceKey, Refused>> {
  const topology = parts.topology()
  if (topology.instances.has(given) || !isValidKey(given)) return ok(given)
  const fuzzy = fuzzyKey(topology, given)
  if (fuzzy !== given) return ok(fuzzy)
  const host = hostOf(given)
  if (host.includes(',')) return refuse(operationReason('host-multiple', { host }))
  const resolved = await parts.resolve(given)
  return resolved.ok ? ok(fuzzyKey(topology, resolved.value)) : serverFailed(given, resolved.failure)
}
