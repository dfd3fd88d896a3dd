import type { AnyOperation } from '../contract/operation.ts'
import type { Operations } from '../engine/operations/operations.ts'
import type { RawInput } from '../engine/operations/read-input.ts'
import { isCrossSite } from './cross-site.ts'
import type { Request } from './exchange.ts'
import type { HttpSettings } from './settings.ts'

/** With the original whoever could read could tag; `ReadersMayTag` keeps that. */
const tagging: ReadonlySet<string> = new Set(['tag', 'untag', 'untag-all'])

/** May this person do it? Reading is for all who got in. */
export const mayDo = (declared: AnyOperation, { person }: Pick<Request, 'person'>, { readersMayTag }: HttpSettings): boolean =>
  declared.access === 'read' || person.mayWrite || (readersMayTag && tagging.has(declared.name))

/** A change that is asked for by a page of another site, or by GET where that is refused. */
export const isRefusedWay = ({ method, headers }: Pick<Request, 'method' | 'headers'>, { refusesGetWrites }: HttpSettings): boolean =>
  isCrossSite(headers) || (refusesGetWrites && method !== 'POST')

const inputTextMax = 500

/**
 * Who asked for a change, where the authentication method knows a name. Plans and recoveries say in their own entries who asked for them; the rest of the
 * changes do not, because their entries have the original's texts.
 */
export function auditAsked({ parts }: Operations, declared: AnyOperation, { person, remoteAddress }: Request, raw: RawInput, cameTo: string): void {
  if (person.user === '' || declared.access === 'read' || declared.plans || declared.foresees !== undefined) return
  const given = Object.entries(raw).map(([name, value]) => `${name}=${typeof value === 'object' ? `${value.host}:${value.port}` : String(value)}`).join(' ').slice(0, inputTextMax)
  parts.audit('asked', null, `${declared.name} by ${person.user} from ${remoteAddress}: ${cameTo}${given === '' ? '' : `; ${given}`}`)
}
