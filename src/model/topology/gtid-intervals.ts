/**
 * Disjoint, ascending, never adjacent ranges of transaction numbers as one flat list: from, to, from, to … (both ends included).
 * Every operation is one walk over both lists.
 */
export type Intervals = readonly bigint[]

/** Orders, joins and drops empty ranges of a flat list that may hold them in any order. */
export function normalIntervals(flat: bigint[]): Intervals {
  if (flat.length <= 2) return flat.length === 2 && at(flat, 0) <= at(flat, 1) ? flat : []
  let isNormal = true
  for (let index = 0; isNormal && index < flat.length; index += 2) {
    isNormal = at(flat, index) <= at(flat, index + 1) && (index === 0 || at(flat, index) > at(flat, index - 1) + 1n)
  }
  if (isNormal) return flat
  const ranges: [bigint, bigint][] = []
  for (let index = 0; index < flat.length; index += 2) {
    if (at(flat, index) <= at(flat, index + 1)) ranges.push([at(flat, index), at(flat, index + 1)])
  }
  ranges.sort((left, right) => (left[0] < right[0] ? -1 : left[0] > right[0] ? 1 : 0))
  const joined: bigint[] = []
  for (const [from, to] of ranges) append(joined, from, to)
  return joined
}

export function unionIntervals(left: Intervals, right: Intervals): Intervals {
  const joined: bigint[] = []
  let [l, r] = [0, 0]
  while (l < left.length || r < right.length) {
    if (r >= right.length || (l < left.length && at(left, l) <= at(right, r))) {
      append(joined, at(left, l), at(left, l + 1))
      l += 2
    } else {
      append(joined, at(right, r), at(right, r + 1))
      r += 2
    }
  }
  return joined
}

export function subtractIntervals(left: Intervals, right: Intervals): Intervals {
  const rest: bigint[] = []
  let r = 0
  for (let l = 0; l < left.length; l += 2) {
    let from = at(left, l)
    const to = at(left, l + 1)
    while (r < right.length && at(right, r + 1) < from) r += 2
    for (let k = r; k < right.length && at(right, k) <= to && from <= to; k += 2) {
      if (at(right, k) > from) rest.push(from, at(right, k) - 1n)
      from = at(right, k + 1) + 1n
      r = k
    }
    if (from <= to) rest.push(from, to)
  }
  return rest
}

export function intersectIntervals(left: Intervals, right: Intervals): Intervals {
  const both: bigint[] = []
  let [l, r] = [0, 0]
  while (l < left.length && r < right.length) {
    const from = at(left, l) > at(right, r) ? at(left, l) : at(right, r)
    const to = at(left, l + 1) < at(right, r + 1) ? at(left, l + 1) : at(right, r + 1)
    if (from <= to) both.push(from, to)
    if (at(left, l + 1) < at(right, r + 1)) l += 2
    else r += 2
  }
  return both
}

/** True when every number of `part` is in `whole`. */
export function isWithin(part: Intervals, whole: Intervals): boolean {
  let w = 0
  for (let p = 0; p < part.length; p += 2) {
    while (w < whole.length && at(whole, w + 1) < at(part, p)) w += 2
    if (w >= whole.length || at(whole, w) > at(part, p) || at(whole, w + 1) < at(part, p + 1)) return false
  }
  return true
}

export function countIntervals(intervals: Intervals): bigint {
  let count = 0n
  for (let index = 0; index < intervals.length; index += 2) count += at(intervals, index + 1) - at(intervals, index) + 1n
  return count
}

function append(joined: bigint[], from: bigint, to: bigint): void {
  const last = joined.length - 1
  if (last > 0 && at(joined, last) + 1n >= from) {
    if (to > at(joined, last)) joined[last] = to
  } else joined.push(from, to)
}

/** The number at a place the caller has counted; a hole there is a broken invariant. */
function at(intervals: Intervals, index: number): bigint {
  const value = intervals[index]
  if (value === undefined) throw new Error(`no interval at ${index} of ${intervals.length}`)
  return value
}
