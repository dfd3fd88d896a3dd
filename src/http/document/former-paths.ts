import { contract, typedNames } from '../../contract/all.ts'
import { parameter } from '../../contract/former-parameters.ts'
import type { AnyOperation } from '../../contract/operation.ts'
import { formerPath } from '../former/routes.ts'

type Entry = Readonly<Record<string, unknown>>

/** The original's routes. Those that change something may be asked with POST as well. */
export function formerPaths(statusEndpoint: string): Readonly<Record<string, Entry>> {
  return Object.fromEntries(typedNames().flatMap(name => {
    const declared: AnyOperation = contract[name]
    return declared.former.routes.map(route => [formerPath(route, statusEndpoint).replaceAll(/:(\w+)/g, '{$1}'), methodsOf(declared, route)])
  }))
}

function methodsOf(declared: AnyOperation, route: string): Entry {
  const entry = { summary: declared.says, tags: ['former'], 'x-operation': declared.name, 'x-access': declared.access, ...parametersOf(declared, route), responses: responsesOf(declared) }
  return declared.access === 'write' ? { get: entry, post: entry } : { get: entry }
}

function parametersOf(declared: AnyOperation, route: string): Entry {
  const inPath = [...route.matchAll(/:(\w+)/g)].map(([, name = '']) => ({ name, in: 'path', required: true, description: declared.input[parameter(declared, name).input]?.says ?? '', schema: { type: 'string' } }))
  const taken = new Set(inPath.map(({ name }) => parameter(declared, name).input))
  const aliases = Object.entries(declared.former.query ?? {})
  const inQuery = Object.entries(declared.input).filter(([input]) => !taken.has(input)).map(([input, { says }]) => ({
    name: aliases.find(([, meant]) => meant === input)?.[0] ?? input, in: 'query', description: says, schema: { type: 'string' },
  }))
  const dryRun = declared.access === 'write' ? [{ name: 'dryRun', in: 'query', description: 'true: say what would be done, and do nothing.', schema: { type: 'string' } }] : []
  const parameters = [...inPath, ...inQuery, ...dryRun]
  return parameters.length === 0 ? {} : { parameters }
}

const envelope = { 'application/json': { schema: { $ref: '#/components/schemas/Envelope' } } }

const responsesOf = (declared: AnyOperation): Entry => ({
  200: declared.former.answers === 'envelope' ? { description: 'Done.', content: envelope } : { description: 'The value itself.' },
  500: { description: 'Not done, with the reason.', content: envelope },
})
