/**
 * Fetches the newest MySQL and MariaDB servers of Debian's unstable suite for tests, benchmarks and the demo, and prepares their data folders.
 * `node scripts/fetch-servers.ts [mysql] [mariadb]`; without words both. Needs no root. See test/harness/sandbox/README.md.
 */
import { type Flavour, fetchServer, serverBinary } from '../test/harness/sandbox/server-binary.ts'
import { templateData } from '../test/harness/sandbox/template.ts'

const flavours: readonly Flavour[] = ['mysql', 'mariadb']
const isFlavour = (word: string): word is Flavour => flavours.some(flavour => flavour === word)
const words = process.argv.slice(2)
const unknown = words.find(word => !isFlavour(word))
if (unknown !== undefined) {
  console.error(`Unknown server ${unknown}; known are ${flavours.join(' and ')}`)
  process.exit(2)
}

const say = (line: string) => console.log(line)
for (const flavour of words.length === 0 ? flavours : words.filter(isFlavour)) {
  await fetchServer(flavour, say)
  const binary = await serverBinary(flavour, say)
  await templateData(binary, say)
  say(`${flavour} ${binary.version} is ready`)
}
