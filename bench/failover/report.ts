import { machine, median, quantile, table } from '../figures.ts'
import type { Round } from './round.ts'
import { variants } from './variants.ts'

export interface Run {
  readonly variant: string
  readonly semiSync: boolean
  readonly rounds: Round[]
}

const times = ['noticed', 'writable', 'following', 'gap', 'fenced', 'dualCommit'] as const
const whole = (value: number): string => value.toFixed(0)

export function roundLine(variant: string, semiSync: boolean, index: number, round: Round): string {
  const figures = times.map(name => `${name} ${round[name] === null ? '-' : whole(round[name])}`).join('  ')
  const wrong = round.wrong.length > 0 ? `  WRONG: ${round.wrong.join('; ')}` : ''
  return `${variant}${semiSync ? ' semi-sync' : ''} ${index}: ${figures}  lost ${round.lost}  diverged ${round.diverged}  of ${round.acknowledged}${wrong}`
}

/** One row for each run, median and p99 in milliseconds. */
export function reportTable(runs: readonly Run[]): string {
  const heads = [
    '', 'rounds', 'noticed', 'writable', 'all following', 'longest write gap', 'former primary fenced', 'two able to commit',
    'acknowledged rows', 'lost', 'diverged', 'wrong',
  ]
  const rows = runs.map(({ variant, semiSync, rounds }) => {
    const sum = (of: (round: Round) => number): string => String(rounds.reduce((total, round) => total + of(round), 0))
    const both = (name: typeof times[number]): string => {
      const values = rounds.flatMap(round => round[name] ?? [])
      return values.length === 0 ? '–' : `${whole(median(values))} / ${whole(quantile(values, 0.99))}`
    }
    return [
      `${variants[variant]?.says ?? variant}${semiSync ? ', semi-sync' : ''}`, String(rounds.length), both('noticed'), both('writable'),
      both('following'), both('gap'), both('fenced'), both('dualCommit'), sum(round => round.acknowledged), sum(round => round.lost), sum(round => round.diverged), sum(round => round.wrong.length),
    ]
  })
  const wrong = runs.flatMap(({ variant, semiSync, rounds }) =>
    rounds.flatMap((round, index) => round.wrong.map(what => `${variant}${semiSync ? ' semi-sync' : ''} ${index + 1}: ${what}`)))
  return [`Milliseconds, median / p99; ${machine()}`, '', table(heads, rows), ...wrong.map(line => `\n${line}`)].join('\n')
}
