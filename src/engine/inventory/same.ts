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

/**
 * Every part of `fresh`, at any depth of records, that equals its counterpart in `previous` is replaced by that counterpart: unchanged parts stay the
 * same objects, so that nobody has to look into them. Changes the outermost record of `fresh` only.
 */
export function reuseParts<Value extends object>(fresh: Value, previous: Value): Value {
  for (const name in fresh) {
    const [value, before] = [fresh[name], previous[name]]
    if (typeof value === 'object' && value !== null && value !== before && typeof before === 'object' && before !== null) {
      if (isSame(value, before)) fresh[name] = before
      else if (!Array.isArray(value) && !Array.isArray(before)) fresh[name] = reuseParts({ ...value }, before)
    }
  }
  return fresh
}
