import { contract, typedNames } from '../../src/contract/all.ts'
import type { AnyOperation } from '../../src/contract/operation.ts'

/** Every operation with its input, its former routes and its commands, as a page. */
export function apiPage(): string {
  const subjects = ['instance', 'cluster', 'fleet', 'recovery', 'service'] as const
  const sections = subjects.flatMap(subject => [`## On: ${subject}`, '', ...typedNames().map(name => contract[name]).filter(declared => declared.on === subject).flatMap(entry)])
  return [
    '# Operations',
    '',
    'Made from `src/contract` by `npm run docs:generate`. Each operation is `POST /api/v2/operations/NAME` with `{"input": {…}}`',
    '(add `"dryRun": true` for the plan, `"fingerprint": "…"` to run exactly it, `"wait": true` to be answered at the end),',
    'and below `/api/` the routes, and on the command line the commands, that the original had for it.',
    'The machine-readable form is `/api/v2/openapi.json`.',
    '',
    ...sections,
  ].join('\n')
}

function entry(declared: AnyOperation): readonly string[] {
  const inputs = Object.entries(declared.input)
  return [
    `### ${declared.name}`,
    '',
    declared.says,
    '',
    `Access: ${declared.access}. Danger: ${declared.dangerLevel}.${declared.plans ? ' Makes a plan.' : ''}`,
    '',
    ...(inputs.length === 0 ? [] : ['| Input | Kind | Required | Meaning |', '|---|---|---|---|', ...inputs.map(([name, field]) => `| \`${name}\` | ${field.kind} | ${field.required ? 'yes' : 'no'} | ${field.says} |`), '']),
    ...(declared.former.routes.length === 0 ? [] : [`Routes: ${declared.former.routes.map(route => `\`/api/${route}\``).join(', ')} (${declared.former.answers})`, '']),
    ...(declared.former.commands.length === 0 ? [] : [`Commands: ${declared.former.commands.map(command => `\`${command}\``).join(', ')}`, '']),
  ]
}
