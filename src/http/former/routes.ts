import { contract, type OperationName, typedNames } from '../../contract/all.ts'
import { formerText } from '../../contract/former-text.ts'
import { parameter } from '../../contract/former-parameters.ts'
import type { AnyOperation } from '../../contract/operation.ts'
import type { DryRunView } from '../../contract/views.ts'
import type { Operations } from '../../engine/operations/operations.ts'
import { dryRunSays, refusalIn } from '../../engine/operations/previews.ts'
import type { RawInput, RawValue } from '../../engine/operations/read-input.ts'
import type { Refused } from '../../engine/operations/refusals.ts'
import type { InstanceKey } from '../../model/topology/instance-key.ts'
import { auditAsked, isRefusedWay, mayDo } from '../authority.ts'
import { type Answer, json, jsonText, type Request } from '../exchange.ts'
import { here, type Parameters as Segments, type Route } from '../router.ts'
import type { HttpSettings } from '../settings.ts'
import { type FormerAnswer, formerAnswers } from './answers.ts'
import { AllInstancesBody } from './all-instances-body.ts'
import type { FormerContext } from './context.ts'
import { formerLiveRecovery } from './recovery.ts'
import { formerKey } from './parts.ts'

export interface FormerParts {
  readonly operations: Operations
  context(): FormerContext
  /** `Orchestrator X says: `, or '' (PrependMessagesWithOrcIdentity). */
  messagePrefix(): string
  /** Who acts when the authentication method names nobody. */
  readonly hostname: string
  readonly statusEndpoint: string
  readonly settings: HttpSettings
}

const defaultStatusEndpoint = '/api/status'

/** Every former route of the contract. Those that change something are answered to POST as well. */
export function formerRoutes(parts: FormerParts): readonly Route[] {
  const bodies = new AllInstancesBody()
  return typedNames().flatMap(name =>
    contract[name].former.routes.flatMap((pattern): Route[] => {
      const declared: AnyOperation = contract[name]
      const path = formerPath(pattern, parts.statusEndpoint)
      const answer = (request: Request, parameters: Segments): Promise<Answer> => answerFormer(parts, bodies, name, request, parameters)
      const route = { pattern: path, answer, changesNothing: declared.access === 'read', ...(declared.runs === undefined ? {} : { isHere: here }) }
      return declared.access === 'write' ? [{ method: 'GET', ...route }, { method: 'POST', ...route }] : [{ method: 'GET', ...route }]
    }),
  )
}

/** Where a route of the contract is served. */
export const formerPath = (route: string, statusEndpoint: string): string => (route === 'status' ? statusEndpoint : `/api/${route}`)

export const isOwnStatusEndpoint = (path: string): boolean => path !== '' && path !== defaultStatusEndpoint

async function answerFormer(parts: FormerParts, bodies: AllInstancesBody, name: OperationName, request: Request, parameters: Segments): Promise<Answer> {
  const declared: AnyOperation = contract[name]
  const enveloped = (code: 'OK' | 'ERROR', message: string, details: unknown): Answer =>
    json({ Code: code, Message: `${parts.messagePrefix()}${message}`, Details: details }, code === 'OK' ? 200 : 500)
  const mayChange = declared.runs === 'where-asked' || request.mayChange
  if (declared.access === 'write' && (!mayDo(declared, request, parts.settings) || !mayChange || isRefusedWay(request, parts.settings))) return enveloped('ERROR', 'Unauthorized', null)
  const context = parts.context()
  if (name === 'all-instances') return jsonText(bodies.of(context, () => parts.operations.allInstances()))
  const raw = rawInput(declared, request, parameters)
  const by = request.person.user === '' ? parts.hostname : request.person.user
  if (request.query.get('dryRun') === 'true' && declared.access === 'write') {
    const shown = await parts.operations.dryRun(name, raw, by)
    if (!shown.ok) return enveloped('ERROR', shown.failure.refused.text, null)
    return enveloped(refusalIn(shown.value) === null ? 'OK' : 'ERROR', `dry run: ${dryRunSays(shown.value).text}`, shownIn(shown.value))
  }
  const fingerprint = request.query.get('fingerprint')
  const outcome = await parts.operations.run(name, raw, { by, ...(fingerprint === null ? {} : { fingerprint }) })
  auditAsked(parts.operations, declared, request, raw, outcome.ok ? 'done' : `refused: ${outcome.failure.refused.text}`)
  if (!outcome.ok) return enveloped('ERROR', formerText(outcome.failure.refused), refusedDetails(outcome.failure, context))
  // The output is this operation's own, which a lookup by a variable name loses.
  const make = formerAnswers[name] as (output: unknown, context: FormerContext) => FormerAnswer
  const answer = make(outcome.value, parts.context())
  if ('bare' in answer) return json(answer.bare, answer.status)
  return enveloped(answer.failed === true ? 'ERROR' : 'OK', answer.message, answer.details)
}

/** What a dry run shows beside its sentence. */
const shownIn = (view: DryRunView): unknown => (view.state === 'plan' ? view.plan : view.state === 'recovery' ? view.recovery : null)

function refusedDetails({ details }: Refused, context: FormerContext): unknown {
  if (typeof details !== 'object' || details === null) return null
  // The kinds of details that handlers give with a refusal.
  const given = details as { readonly value?: unknown; readonly key?: InstanceKey; readonly recovery?: Parameters<typeof formerLiveRecovery>[0] }
  if (given.value !== undefined) return given.value
  if (given.recovery !== undefined) return formerLiveRecovery(given.recovery, context)
  return given.key === undefined ? null : formerKey(given.key)
}

/** Inputs from the path and the query, as the original takes them. */
function rawInput(declared: AnyOperation, request: Request, parameters: Segments): RawInput {
  const raw: Record<string, RawValue> = {}
  for (const [name, value] of request.query) {
    const input = declared.former.query?.[name] ?? name
    if (declared.input[input] !== undefined) raw[input] = value.trim()
  }
  for (const [name, value] of Object.entries(parameters)) {
    const { input, part } = parameter(declared, name)
    if (part === 'whole') raw[input] = value
    else {
      const before = raw[input]
      const pair = typeof before === 'object' ? before : { host: '', port: '' }
      raw[input] = { ...pair, [part]: value }
    }
  }
  return raw
}
