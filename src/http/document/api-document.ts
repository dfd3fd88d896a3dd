import { contract, typedNames } from '../../contract/all.ts'
import { type AnyOperation, type Field, takesFingerprint } from '../../contract/operation.ts'
import { formerPaths } from './former-paths.ts'
import { ownPaths } from './own-paths.ts'

export const schemas: Readonly<Record<Field<unknown>['kind'], Readonly<Record<string, unknown>>>> = {
  'instance': { type: 'string', description: 'host:port' },
  'exact-instance': { type: 'string', description: 'host:port, as it is known' },
  'cluster': { type: 'string', description: 'name, alias, or a member' },
  'text': { type: 'string' },
  'number': { type: 'number' },
  'boolean': { type: 'boolean' },
  'duration': { anyOf: [{ type: 'string', pattern: '^[0-9]+[smhdw]$' }, { type: 'number', minimum: 0, description: 'seconds' }] },
  'page': { type: 'integer', minimum: 0 },
}

/** The OpenAPI document of everything that is answered, made of the contract. Source: OpenAPI Specification 3.1. */
export function apiDocument(version: string, prefix: string, statusEndpoint: string): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: { title: 'Orchestrator', version, description: 'Every operation is also a command (orchestrator -c NAME) and, below /api/, a route of the original.' },
    servers: [{ url: prefix === '' ? '/' : prefix }],
    paths: { ...ownPaths, ...Object.fromEntries(typedNames().map(name => [`/api/v2/operations/${name}`, { post: operationEntry(contract[name]) }])), ...formerPaths(statusEndpoint) },
    components: { schemas: { Reason: reasonSchema, Envelope: envelopeSchema } },
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
              ...(declared.access === 'write' ? { why: { type: 'string', maxLength: 500, description: 'What a person says of it; kept in the audit.' } } : {}),
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

const envelopeSchema = {
  type: 'object', required: ['Code', 'Message', 'Details'], description: 'OK with status 200, ERROR with 500.',
  properties: { Code: { enum: ['OK', 'ERROR'] }, Message: { type: 'string' }, Details: {} },
}
