import { contract, type OperationName, operationNamed } from '../../contract/all.ts'
import type { AnyOperation } from '../../contract/operation.ts'
import type { OperationAnswer } from '../../contract/views.ts'
import { toJson } from '../../contract/wire.ts'
import { parseInstanceKey, type InstanceKey } from '../../model/topology/instance-key.ts'
import type { Refused } from '../../engine/operations/refusals.ts'
import { judgedTogetherMax } from '../../engine/operations/views/views.ts'
import type { RawInput } from '../../engine/operations/read-input.ts'
import { viewReason } from '../../engine/operations/view-reasons.ts'
import { auditAsked, isRefusedWay, mayDo } from '../authority.ts'
import { type Answer, json, jsonText, type Request } from '../exchange.ts'
import type { Parameters, Route } from '../router.ts'
import { inputOf, members } from './body.ts'
import type { ApiParts } from './context.ts'
import { problem, problemReason, refusalStatus } from './problem.ts'

/** What finishes within this time is answered as done; the rest by its number, and its steps by the stream. */
const answerWithinMilliseconds = 1500
/** As much as a person writes in a line. */
const whyLengthMax = 500

export function operationRoutes(parts: ApiParts): readonly Route[] {
  return [
    { method: 'GET', pattern: '/api/v2/operations', answer: () => json({ operations: parts.operations.runs.list() }) },
    { method: 'POST', pattern: '/api/v2/operations/:name', answer: (request, { name = '' }) => runOperation(parts, request, name), isHere: runsHere },
    { method: 'POST', pattern: '/api/v2/targets', answer: request => targets(parts, request) },
    { method: 'POST', pattern: '/api/v2/recovery-dry-run', answer: request => recoveryDryRun(parts, request) },
  ]
}

function runsHere({ name: asked = '' }: Parameters): boolean {
  const name = operationNamed(asked)
  return name !== undefined && declaredAs(name).runs !== undefined
}

/** Its members that not every operation has. */
const declaredAs = (name: OperationName): AnyOperation => contract[name]

async function runOperation(parts: ApiParts, request: Request, asked: string): Promise<Answer> {
  const name = operationNamed(asked)
  if (name === undefined) return problem(problemReason('no-such-operation', { name: asked }), 404)
  if (isRefusedWay(request, parts.settings)) return problem(problemReason('foreign-site', {}), 403)
  const body = await members(request)
  if (!body.ok) return problem(problemReason('bad-body', { text: body.failure }), 400)
  const { dryRun, fingerprint, wait, why } = body.value
  const input = inputOf(body.value['input'])
  if (!input.ok) return problem(problemReason('bad-body', { text: input.failure }), 400)
  if (dryRun !== undefined && typeof dryRun !== 'boolean') return problem(problemReason('bad-body', { text: 'dryRun must be true or false' }), 400)
  if (fingerprint !== undefined && typeof fingerprint !== 'string') return problem(problemReason('bad-body', { text: 'fingerprint must be a text' }), 400)
  if (why !== undefined && (typeof why !== 'string' || why.length > whyLengthMax)) return problem(problemReason('bad-body', { text: `why must be a text of at most ${whyLengthMax} characters` }), 400)
  const { person } = request
  const by = person.user === '' ? parts.hostname : person.user
  if (dryRun === true && contract[name].access === 'write') {
    const shown = await parts.operations.dryRun(name, input.value, by)
    return shown.ok ? answer(shown.value) : notDone(shown.failure)
  }
  if (!mayDo(contract[name], request, parts.settings)) {
    return problem(problemReason('may-not-write', { why: person.whyNot === null ? '' : viewReason(person.whyNot, {}).text }), 403)
  }
  if (contract[name].access === 'write' && !request.mayChange && declaredAs(name).runs !== 'where-asked') return leadsNot(parts)
  if (why !== undefined && why.trim() !== '' && contract[name].access === 'write') tellWhy(parts, name, input.value, by, why.trim())
  const started = await parts.operations.start(name, input.value, { by, ...(fingerprint === undefined ? {} : { fingerprint }) })
  if (!started.ok) {
    auditAsked(parts.operations, contract[name], request, input.value, `refused: ${started.failure.refused.text}`)
    return notDone(started.failure)
  }
  void started.value.outcome.then(
    outcome => auditAsked(parts.operations, contract[name], request, input.value, outcome.ok ? 'done' : `refused: ${outcome.failure.refused.text}`),
    (error: unknown) => auditAsked(parts.operations, contract[name], request, input.value, `failed: ${String(error)}`),
  )
  if (contract[name].plans && wait !== true) {
    // Whoever reads the stream sees it end; nobody else waits for it here.
    started.value.outcome.catch(() => undefined)
    return answer({ state: 'started', operation: started.value.number })
  }
  const outcome = wait === true || declaredAs(name).onlyReads === true ? await started.value.outcome : await Promise.race([started.value.outcome, later()])
  if (outcome === late) {
    started.value.outcome.catch(() => undefined)
    return answer({ state: 'started', operation: started.value.number })
  }
  return outcome.ok ? answer({ state: 'done', output: outcome.value }) : notDone(outcome.failure)
}

/** What a person says of an act of theirs is kept beside it, whatever it comes to. */
function tellWhy({ operations: { parts } }: ApiParts, name: OperationName, input: RawInput, by: string, why: string): void {
  const server = input['instance'] === undefined ? null : parseInstanceKey(String(input['instance']))
  parts.audit('asked', server !== null && server.ok ? server.value : null, `${name} by ${by}, because: ${why}`)
}

const late = Symbol('not ended yet')
const later = (): Promise<typeof late> => new Promise(resolve => setTimeout(() => resolve(late), answerWithinMilliseconds).unref())

function leadsNot({ operations }: ApiParts): Answer {
  const { self: node, leader } = operations.parts.group.standing()
  const isUnknown = leader === null || leader.name === node
  return problem(isUnknown ? problemReason('leads-not', { node }) : problemReason('another-leads', { node, leader: leader.name, address: leader.uri ?? '-' }), 503)
}

const answer = (value: OperationAnswer, status = 200): Answer => jsonText(toJson(value), status)

async function targets(parts: ApiParts, request: Request): Promise<Answer> {
  const body = await members(request)
  if (!body.ok) return problem(problemReason('bad-body', { text: body.failure }), 400)
  const { servers, replicasOf } = body.value
  if (replicasOf !== undefined && servers === undefined) {
    const source = parseInstanceKey(String(replicasOf))
    return source.ok ? json({ targets: parts.views.targetsOfReplicas(source.value) }) : problem(problemReason('bad-body', { text: source.failure }), 400)
  }
  if (!Array.isArray(servers) || servers.length === 0 || servers.length > judgedTogetherMax) return problem(problemReason('bad-body', { text: `servers must be a list of 1 to ${judgedTogetherMax} servers` }), 400)
  const keys: InstanceKey[] = []
  for (const server of servers as readonly unknown[]) {
    const key = parseInstanceKey(String(server))
    if (!key.ok) return problem(problemReason('bad-body', { text: key.failure }), 400)
    keys.push(key.value)
  }
  return json({ targets: parts.views.targets(keys) })
}

async function recoveryDryRun(parts: ApiParts, request: Request): Promise<Answer> {
  const body = await members(request)
  if (!body.ok) return problem(problemReason('bad-body', { text: body.failure }), 400)
  const key = parseInstanceKey(String(body.value['server'] ?? ''))
  if (!key.ok) return problem(problemReason('bad-body', { text: key.failure }), 400)
  return jsonText(toJson(await parts.operations.parts.recoveries.dryRun(key.value)))
}

const notDone = ({ refused, methods }: Refused): Answer => answer({ state: 'refused', refused, ...(methods === undefined ? {} : { methods }) }, refusalStatus(refused))
