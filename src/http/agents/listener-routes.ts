import type { Reason } from '../../kit/reason.ts'
import type { Result } from '../../kit/result.ts'
import type { AgentRecord, HostAttribute } from '../../ports/agents.ts'
import { type Answer, json, plainText, type Request } from '../exchange.ts'
import { formerTime } from '../former/parts.ts'
import { here, type Parameters, type Route } from '../router.ts'
import { matchingValues } from './value-match.ts'

/** What the routes reach for. */
export interface ListenerParts {
  submit(host: string, port: string, token: string): Promise<Result<string, Reason>>
  putAttribute(attribute: Pick<HostAttribute, 'host' | 'name' | 'value'>): Promise<Result<null, Reason>>
  attributes(name: string): Promise<readonly HostAttribute[]>
  list(): Promise<readonly AgentRecord[]>
  messagePrefix(): string
}

/** How long an attribute that has no end holds, as the column says. */
const noEnd = ''

/** Every route of the port of agents. */
export function listenerRoutes(parts: ListenerParts): readonly Route[] {
  // Status 200 also for an error: agents look at the code alone (contract agents.md 2).
  const error = (message: string): Answer => json({ Code: 'ERROR', Message: `${parts.messagePrefix()}${message}`, Details: null })
  const guarded = (act: (parameters: Parameters, request: Request) => Promise<Answer>) => async (request: Request, parameters: Parameters): Promise<Answer> => {
    if (!request.mayChange) return error('No manager is known to lead; try again')
    try {
      return await act(parameters, request)
    } catch (fault) {
      return error(fault instanceof Error ? fault.message : String(fault))
    }
  }
  const list = (of: (records: readonly AgentRecord[]) => readonly string[]) => guarded(async (_parameters, request) => {
    const lines = of(await parts.list())
    return request.query.get('format') === 'txt' ? plainText(lines.map(line => `${line}\n`).join(''), 200) : json(lines)
  })
  return [
    { method: 'GET', pattern: '/api/submit-agent/:host/:port/:token', answer: guarded(async ({ host = '', port = '', token = '' }) => {
      const taken = await parts.submit(host, port, token)
      return taken.ok ? json(taken.value) : error(taken.failure.text)
    }) },
    { method: 'GET', pattern: '/api/host-attribute/attr/:attr', answer: guarded(async ({ attr = '' }, request) => {
      const all = await parts.attributes(attr)
      const matching = matchingValues(request.query.get('valueMatch') || '.?', all.map(({ value }) => value))
      return matching.ok ? json(all.filter(({ value }) => matching.value.has(value)).map(formerAttribute)) : error(matching.failure)
    }) },
    { method: 'GET', pattern: '/api/host-attribute/:host/:name/:value', answer: guarded(async ({ host = '', name = '', value = '' }) => {
      const put = await parts.putAttribute({ host, name, value })
      return put.ok ? json(true) : error(put.failure.text)
    }) },
    { method: 'GET', pattern: '/api/agents-hosts', answer: list(records => records.map(({ host }) => host)) },
    { method: 'GET', pattern: '/api/agents-instances', answer: list(records => records.map(({ host, mysqlPort }) => `${host}:${mysqlPort ?? 0}`)) },
    { method: 'GET', pattern: '/api/agent-ping', answer: () => json('OK'), isHere: here },
  ]
}

const formerAttribute = ({ host, name, value, submittedAt }: HostAttribute) => ({
  Hostname: host, AttributeName: name, AttributeValue: value, SubmitTimestamp: formerTime(submittedAt), ExpireTimestamp: noEnd,
})
