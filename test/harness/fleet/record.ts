/**
 * `node test/harness/fleet/record.ts`: asks a real server everything that the adapter's probe asks and writes the answers to `tape.json`.
 * To be run again when the probe's statements change.
 */
import { writeFileSync } from 'node:fs'
import { accounts } from '../sandbox/accounts.ts'
import { Sandbox } from '../sandbox/sandbox.ts'
import { fills } from './cells.ts'
import { type Described, describeStatement } from './describe-statement.ts'
import { readGreeting } from './packets.ts'
import { probeStatements } from './probe-statements.ts'
import { type Tape, tapeFile, type TapeStatement } from './tape.ts'

await using sandbox = await Sandbox.fourServers({ say: line => console.log(line) })
const server = sandbox.server('replica-2') // it has a source and a replica
const { statements, greeting } = await probeStatements(server, [accounts.orchestrator, accounts.root])
const connection = await server.connect({ charset: 'utf8mb4_general_ci' })
const identities = (await Promise.all(sandbox.servers.map(one => one.row<{ uuid: string }>('SELECT @@server_uuid AS uuid'))))
  .map(({ uuid }) => uuid).concat(sandbox.servers.map(({ port }) => String(port)), sandbox.servers.map(({ host }) => host))
const recorded: TapeStatement[] = []
for (const sql of [...statements].sort()) recorded.push(tapeStatement(sql, await describeStatement(connection, sql)))
await connection.end()

const tape: Tape = { greeting: readGreeting(greeting.toString('latin1')), statements: recorded }
writeFileSync(tapeFile, `${text(tape)}\n`)
console.log(`${recorded.length} statements of ${server.flavour} ${server.version} recorded`)

function tapeStatement(sql: string, { columns, rows }: Described): TapeStatement {
  const cells = rows.map(row => row.map((cell, place) => {
    const name = columns[place]?.name ?? ''
    if (fills[name.toLowerCase()] !== undefined || cell === null) return null
    const told = identities.find(identity => cell.includes(identity))
    if (told !== undefined) throw new Error(`Column ${name} of ${sql} tells who the server is (${cell}); say in cells.ts what a fake server answers`)
    if (!/^[\x20-\x7e]*$/.test(cell)) throw new Error(`Column ${name} of ${sql} is not plain ASCII`)
    return cell
  }))
  return { sql, columns, rows: cells }
}

/** JSON with one column or row a line, so that a change can be read. */
function text({ greeting, statements }: Tape): string {
  const list = (items: readonly unknown[], indent: string): string =>
    (items.length === 0 ? '[]' : `[\n${items.map(item => `${indent}  ${JSON.stringify(item)}`).join(',\n')}\n${indent}]`)
  const entry = ({ sql, columns, rows }: TapeStatement): string =>
    `    {\n      "sql": ${JSON.stringify(sql)},\n      "columns": ${list(columns, '      ')},\n      "rows": ${list(rows, '      ')}\n    }`
  return `{\n  "greeting": ${JSON.stringify(greeting)},\n  "statements": [\n${statements.map(entry).join(',\n')}\n  ]\n}`
}
