/** How many transactions a GTID set of MySQL holds (`uuid:1-5:7,other:tag:3`). Null: it is written otherwise. */
export function gtidCount(set: string): number | null {
  const intervals = set.replace(/\s+/g, '').split(',').flatMap(part => part.split(':').slice(1)).filter(part => /^\d/.test(part))
  if (intervals.length === 0 || intervals.some(interval => !/^\d+(-\d+)?$/.test(interval))) return null
  return intervals.reduce((sum, interval) => {
    const [first = 0, last = first] = interval.split('-').map(Number)
    return sum + last - first + 1
  }, 0)
}
