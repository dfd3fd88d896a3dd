/** Deep equality of plain values. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.every((item, place) => isSame(item, right[place]))
  }
  const [leftEntries, rightEntries] = [Object.entries(left), new Map(Object.entries(right))]
  return leftEntries.length === rightEntries.size && leftEntries.every(([name, value]) => rightEntries.has(name) && isSame(value, rightEntries.get(name)))
}

/** `next` with every part that equals its counterpart in `previous` replaced by that counterpart, so that unchanged parts stay the same objects. */
export function reuseParts<Value extends object>(next: Value, previous: Value): Value {
  const kept = new Map(Object.entries(previous))
  const entries = Object.entries(next).map(([name, value]) => {
    const before: unknown = kept.get(name)
    return [name, typeof value === 'object' && value !== before && isSame(value, before) ? before : value] as const
  })
  return Object.fromEntries(entries) as Value // the same names, and values that are equal to those of `next`
}
