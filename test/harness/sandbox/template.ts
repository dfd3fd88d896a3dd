import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { accountStatements } from './accounts.ts'
import { cachedFolder, cacheFolder } from './cache-folder.ts'
import type { ServerBinary } from './server-binary.ts'
import { storageOptions } from './server-options.ts'

/** An initialised data folder for this server, made once and kept in the cache; every server of a sandbox starts from a copy. */
export async function templateData(binary: ServerBinary, say: (line: string) => void): Promise<string> {
  const recipe = JSON.stringify([binary.identity, storageOptions(binary.flavour), accountStatements(binary.flavour)])
  const name = `${binary.flavour}-${binary.version}-${createHash('sha256').update(recipe).digest('hex').slice(0, 12)}`
  return cachedFolder(join(cacheFolder(), 'templates', name), async draft => {
    say(`Preparing a data folder for ${binary.flavour} ${binary.version}`)
    await (binary.flavour === 'mysql' ? initialiseMysql(binary, draft) : initialiseMariadb(binary, draft))
    // The server's identity: each copy must make its own.
    await rm(join(draft, 'auto.cnf'), { force: true })
  })
}

async function initialiseMysql(binary: ServerBinary, folder: string): Promise<void> {
  const accounts = `${folder}.sql`
  await writeFile(accounts, accountStatements('mysql').map(statement => `${statement};\n`).join(''))
  try {
    await runOnce(binary, ['--initialize-insecure', `--init-file=${accounts}`, '--mysqlx=OFF'], folder, '')
  } finally {
    await rm(accounts, { force: true })
  }
}

/** MariaDB's installing script asks for a complete system; its SQL is all that is needed (MariaDB manual, mariadb-install-db). */
async function initialiseMariadb(binary: ServerBinary, folder: string): Promise<void> {
  await mkdir(join(folder, 'mysql'))
  const scripts = ['system_tables', 'performance_tables', 'system_tables_data'].map(name => `mariadb_${name}.sql`)
  const files = await Promise.all([...scripts, 'mariadb_sys_schema.sql'].map(name => readFile(join(binary.share, name), 'utf8')))
  const statements = ['FLUSH PRIVILEGES', ...accountStatements('mariadb')].map(statement => `${statement};\n`)
  await runOnce(binary, ['--bootstrap', '--skip-networking'], folder, ['create database if not exists mysql;\n', 'use mysql;\n', ...files, ...statements].join(''))
}

async function runOnce(binary: ServerBinary, options: string[], folder: string, input: string): Promise<void> {
  const [program = '', ...words] = binary.command
  const args = [...words, '--no-defaults', ...storageOptions(binary.flavour), ...binary.layout, `--datadir=${folder}`, ...options]
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  child.stdin.on('error', () => {}) // the server may end before it has read all; its exit status says why
  child.stdin.end(input)
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  // A failing statement of the first start does not fail the program, but it says so.
  if (status !== 0 || log.includes('[ERROR]') || log.includes('\nERROR: ')) throw new Error(`${binary.flavour} could not make a data folder:\n${log}`)
}
