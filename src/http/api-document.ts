import { contract, typedNames } from '../contract/all.ts'
import { type AnyOperation, type Field, takesFingerprint } from '../contract/operation.ts'

const schemas: Readonly<Record<Field<unknown>['kind'], Readonly<Record<string, unknown>>>> = {
  'instance': { type: 'string', description: 'host:port' },
  'exact-instance': { type: 'string', description: 'host:port, as it is known' },
  'cluster': { type: 'string', description: 'name, alias, or a member' },
  'text': { type: 'string' },
  'number': { type: 'number' },
  'boolean': { type: 'boolean' },
  'duration': { anyOf: [{ type: 'string', pattern: '^[0-9]+[smhdw]$' }, { type: 'number', minimum: 0, description: 'seconds' }] },
  'page': { type: 'integer', minimum: 0 },
}

/** The OpenAPI document of version 2, made of the contract. Source: OpenAPI Specification 3.1. */
export function apiDocument(version: string, prefix: string): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: { title: 'Orchestrator', version, description: 'Every operation is also a command (orchestrator -c NAME) and, below /api/, a route of the original.' },
    servers: [{ url: prefix === '' ? '/' : prefix }],
    paths: { ...readingPaths, ...Object.fromEntries(typedNames().map(name => [`/api/v2/operations/${name}`, { post: operationEntry(contract[name]) }])) },
    components: { schemas: { Reason: reasonSchema } },
  }
}

function operationEntry(declared: AnyOperation): Readonly<Record<string, unknown>> {
  const fields = Object.entries(declared.input)
  return {
    operationId: declared.name,
    summary: declared.says,
    tags: [declared.on],
    'x-access': declared.access,
    'x-danger-level': declared.dangerLevel,
    'x-former-routes': declared.former.routes.map(route => `/api/${route}`),
    'x-commands': declared.former.commands,
    requestBody: {
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              input: {
                type: 'object', additionalProperties: false,
                properties: Object.fromEntries(fields.map(([name, field]) => [name, { ...schemas[field.kind], description: field.says }])),
                required: fields.filter(([, field]) => field.required).map(([name]) => name),
              },
              wait: { type: 'boolean', description: 'Answer when it has ended.' },
              ...(declared.access === 'write' ? { dryRun: { type: 'boolean', description: 'Answer what would be done, do nothing.' } } : {}),
              ...(takesFingerprint(declared) ? { fingerprint: { type: 'string', description: 'Run only the plan that was shown under this fingerprint.' } } : {}),
            },
          },
        },
      },
    },
    responses: {
      200: { description: 'The plan, the number under which it runs, or what it came to.' },
      400: { description: 'The input cannot be read.', content: reason },
      403: { description: 'The person may only read, or the request comes from another site.', content: reason },
      409: { description: 'Refused, with the reason.', content: reason },
    },
  }
}

const reason = { 'application/json': { schema: { $ref: '#/components/schemas/Reason' } } }

const reasonSchema = {
  type: 'object', required: ['code', 'parameters', 'text'],
  properties: { code: { type: 'string' }, parameters: { type: 'object' }, text: { type: 'string', description: 'The English sentence.' } },
}

const reads = (summary: string): Readonly<Record<string, unknown>> => ({ get: { summary, responses: { 200: { description: summary } } } })

const readingPaths = {
  '/api/v2/me': reads('Who is asking, what they may do, and what the page needs to know of the settings.'),
  '/api/v2/status': reads('How this process is.'),
  '/api/v2/group': reads('The managers as one: who leads, who is there, how far each is, and how many more may fail.'),
  '/api/v2/group/leader': reads('The same as the manager that leads knows it: it alone hears all members. Without a leader, as this one knows it.'),
  '/api/v2/clusters': reads('One row per cluster.'),
  '/api/v2/clusters/{hint}': reads('Everything about one cluster, by name, alias, member or former name.'),
  '/api/v2/findings': reads('What is wrong now, with evidence and outlook.'),
  '/api/v2/servers': reads('Every known server.'),
  '/api/v2/detections': reads('Failures that were noticed, newest first, 20 a page, with how the diagnosis changed and the recovery that followed; page, id, alias.'),
  '/api/v2/recoveries': reads('Recoveries, newest first, 20 a page; page, cluster, alias, unacknowledged, active.'),
  '/api/v2/recoveries/{uid}': reads('One recovery with its steps.'),
  '/api/v2/audit': reads('What was done, newest first, 20 a page; page, server.'),
  '/api/v2/operations': reads('Operations that run, and those that ended lately.'),
  '/api/v2/targets': { post: { summary: 'What the given servers may follow, and why not what.', responses: { 200: { description: 'A verdict for each known server.' } } } },
  '/api/v2/recovery-dry-run': { post: { summary: 'What a recovery of the given server would do now.', responses: { 200: { description: 'Candidates, stages, hooks.' } } } },
  '/api/v2/events': reads('Server-sent events: hello, heartbeat, cluster, clusters, findings, recovery, operation, status, audit.'),
  '/api/v2/openapi.json': reads('This document.'),
}
