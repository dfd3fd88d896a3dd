import { type Item, parseCaseFile, printCaseFile } from './case-file.ts'
import { commands, type Situation } from './commands.ts'
import { topologyFromText } from './topology-text.ts'

export interface CaseResult {
  /** The file as the program prints it now. */
  readonly text: string
  readonly broken: readonly string[]
}

/** Runs every command of a case file on the topology that stands above it. */
export function runCase(text: string): CaseResult {
  let situation: Situation | null = null
  const broken: string[] = []
  const items = parseCaseFile(text).map((item): Item => {
    if (item.is === 'topology') situation = { topology: topologyFromText(item.text), planned: null }
    if (item.is !== 'command') return item
    if (situation === null) throw new Error(`'${item.text}' stands before any topology`)
    const command = commands.find(({ pattern }) => pattern.test(item.text))
    const match = command?.pattern.exec(item.text)
    if (command === undefined || !match) throw new Error(`'${item.text}' is no command: see test/harness/notation/commands.ts`)
    const answer = command.run(situation, match)
    if (!command.pattern.test('interrupt after each step')) situation = { ...situation, planned: answer.planned ?? null }
    broken.push(...(answer.broken ?? []).map(sentence => `${item.text}: ${sentence}`))
    return { ...item, expected: answer.lines }
  })
  return { text: printCaseFile(items), broken }
}
