type Plain = Readonly<Record<string, unknown>>

/** Deep equality of plain values. Runs for most parts of every record at every poll, so it makes no lists of its own. */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) || Array.isArray(right)) {
    return Array.isArray(left) && Array.isArray(right) && left.length === right.length && left.every((item, place) => isSame(item, right[place]))
  }
  return isSameRecord(left as Plain, right as Plain) // neither null nor a list
}

function isSameRecord(left: Plain, right: Plain): boolean {
  for (const name in left) {
    const [one, other] = [left[name], right[name]]
    if (one !== other ? !isSame(one, other) : other === undefined && !(name in right)) return false
  }
  for (const name in right) if (!(name in left)) return false
  return true
}

/** `next` with every part that equals its counterpart in `previous` replaced by that counterpart, so that unchanged parts stay the same objects. */
export function reuseParts<Value extends object>(next: Value, previous: Value): Value {
  const kept: Value = { ...next }
  for (const name in next) {
    const [value, before] = [next[name], previous[name]]
    if (typeof value === 'object' && value !== null && value !== before && isSame(value, before)) kept[name] = before
  }
  return kept
}
