import type { ServerStatus } from '../../../src/contract/views.ts'

interface Member {
  readonly key: string
  readonly source: string | null
  readonly statuses: readonly Pick<ServerStatus, 'severity'>[]
}

export interface MiniPicture {
  readonly points: readonly { readonly key: string; readonly x: number; readonly y: number; readonly severity: ServerStatus['severity'] }[]
  readonly lines: readonly { readonly from: readonly [number, number]; readonly to: readonly [number, number] }[]
  readonly columns: number
  readonly rows: number
}

const collator = new Intl.Collator('en', { numeric: true })

/** A cluster as dots and lines from left to right, in steps of one: each leaf has a row of its own, and who has replicas stands in their middle. */
export function miniPicture(members: readonly Member[]): MiniPicture {
  const known = new Set(members.map(({ key }) => key))
  const byName = members.toSorted((left, right) => collator.compare(left.key, right.key))
  const below = Map.groupBy(byName, ({ source }) => (source !== null && known.has(source) ? source : ''))
  const points: MiniPicture['points'][number][] = []
  const lines: MiniPicture['lines'][number][] = []
  const seen = new Set<string>()
  let rows = 0
  const place = (member: Member, x: number): number => {
    seen.add(member.key)
    const at: number[] = []
    for (const each of below.get(member.key) ?? []) if (!seen.has(each.key)) at.push(place(each, x + 1))
    const [first, last] = [at[0], at.at(-1)]
    const y = first === undefined || last === undefined ? rows++ : (first + last) / 2
    for (const each of at) lines.push({ from: [x, y], to: [x + 1, each] })
    points.push({ key: member.key, x, y, severity: member.statuses[0]?.severity ?? 'stale' })
    return y
  }
  for (const root of below.get('') ?? []) place(root, 0)
  // What is left stands in a ring; its first server by name opens it.
  for (const member of byName) if (!seen.has(member.key)) place(member, 0)
  return { points, lines, columns: points.reduce((most, { x }) => Math.max(most, x + 1), 0), rows }
}
