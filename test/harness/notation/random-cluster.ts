/** A random cluster: a tree of up to 9 servers whose replicas lag, stand, fail, delay, purge, replicate by position, or are MariaDB all together. */
export function randomClusterText(random: () => number): string {
  const [chance, below] = [(share: number): boolean => random() < share, (count: number): number => Math.floor(random() * count)]
  const isMariadb = chance(0.2)
  const lines = [`s1${isMariadb ? ' mariadb=0-1-100' : chance(0.1) ? ' purged=A:1-60' : ''}`]
  const depths = [0]
  for (let number = 2; number <= 3 + below(7); number += 1) {
    const depth = 1 + below(Math.min(3, Math.max(...depths.slice(-1)) + 1))
    depths.push(depth)
    const words: string[] = []
    const executed = 40 + below(61)
    if (isMariadb) words.push(`mariadb=0-1-${executed}`, `read=${1000 + executed}`, `exec=${1000 + (chance(0.5) ? executed : 0)}`)
    else words.push(`gtid=A:1-${executed}${chance(0.15) ? `,${String.fromCodePoint(64 + number)}:1` : ''}`, `received=A:${20 + below(20)}-${executed + below(101 - executed)}`)
    if (chance(0.15)) words.push('io=stopped')
    else if (chance(0.1)) words.push('io=connecting')
    if (chance(0.2)) words.push('sql=stopped')
    if (!isMariadb && chance(0.2)) words.push('by=position')
    if (!isMariadb && chance(0.15)) words.push(`purged=A:1-${1 + below(executed)}`)
    if (chance(0.1)) words.push('delay=3600')
    if (chance(0.05)) words.push('unreachable')
    if (chance(0.05)) words.push('no-log-updates')
    lines.push(`${'  '.repeat(depth)}s${number} ${words.join(' ')}`)
  }
  return lines.join('\n')
}
