/** One narrow command that takes seconds. */
export interface Suite {
  readonly says: string
  readonly args: readonly string[]
}

export const files = (...paths: readonly string[]): Suite => ({ says: paths.join(' '), args: ['--test', ...paths] })

/** Only those tests of a file whose names the pattern finds. */
export const named = (pattern: string, path: string): Suite => ({ says: `'${pattern}' in ${path}`, args: ['--test', `--test-name-pattern=${pattern}`, path] })

/** Simulated worlds, each from one seed; without `faults` what goes wrong in them is drawn. */
export const worlds = ({ seeds, seed = 1, faults = [] }: { readonly seeds: number; readonly seed?: number; readonly faults?: readonly string[] }): Suite => {
  const args = ['test/simulation/simulate.ts', '--seeds', String(seeds), '--seed', String(seed), ...(faults.length === 0 ? [] : ['--faults', faults.join(',')])]
  return { says: `${seeds} simulated worlds from seed ${seed}${faults.length === 0 ? '' : ` with ${faults.join(', ')}`}`, args }
}
