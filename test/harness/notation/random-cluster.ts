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
    lines.push(coherent(`${'  '.repeat(depth)}s${number} ${words.join(' ')}`))
  }
  return lines.join('\n')
}

/** The same, with what acts on one server need: errors, errant transactions, detached sources, semi-sync, several channels. */
export function randomActsText(random: () => number): string {
  const chance = (share: number): boolean => random() < share
  const [first = '', ...replicas] = randomClusterText(random).split('\n')
  const isMariadb = first.includes('mariadb=')
  const words = (line: string, index: number): string => {
    const more: string[] = []
    const stands = line.includes(' io=stopped') && line.includes(' sql=stopped')
    const [own, failed] = [String.fromCodePoint(66 + index), 100 + index]
    const kind = isMariadb ? 1 : random()
    if (kind < 0.2) {
      const error = line.includes('by=position') ? 'sql-error=1062' : `failed-on=A:${failed}`
      more.push('sql=stopped', error, `received=A:1-${failed}`, `gtid=A:1-${failed - 1}`)
    }
    if (kind >= 0.2 && kind < 0.4) more.push(`errant=${own}:7`, `gtid=A:1-60,${own}:7`)
    if (stands || chance(0.15)) more.push('io=stopped', 'source=//s1')
    if (chance(0.2)) more.push(chance(0.5) ? 'semi-sync-replica' : 'semi-sync-source')
    if (chance(0.1)) more.push('channels=2')
    if (chance(0.2)) more.push(`exec=${900 + Math.floor(random() * 100)}`)
    if (chance(0.1)) more.push('received=', 'unread')
    if (chance(0.1)) more.push('no-credentials')
    return coherent([line, ...more].join(' '))
  }
  return [chance(0.2) ? `${first} read-only` : first, ...replicas.map(words)].join('\n')
}

/** A replica by position that has received what it has not applied has also read further than it has executed; else not. */
function coherent(line: string): string {
  if (!line.includes('by=position') || line.includes(' unread')) return line
  const last = (pattern: RegExp): number => Number([...line.matchAll(pattern)].at(-1)?.[1] ?? 0)
  const waits = last(/ received=A:\d+-(\d+)/g) - last(/ gtid=A:1-(\d+)/g)
  return `${line} exec=${1000 - Math.max(0, waits)}`
}
