/** A JSON value as text with object keys in order, so that equal values have equal texts. Undefined members are left out; bigints are written as text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint') return member.toString()
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member
    return Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)))
  })
}

/**
 * 64-bit FNV-1a of the text's UTF-8 bytes, as 16 hexadecimal digits. For telling values apart, not against people who want a collision.
 * In four limbs of 16 bits: a plan for a thousand replicas is a megabyte of text, and BigInt would take a tenth of a second for it.
 */
export function fingerprint(text: string): string {
  let [high, upper, lower, low] = [0xcbf2, 0x9ce4, 0x8422, 0x2325]
  for (const byte of new TextEncoder().encode(text)) {
    low ^= byte
    // Times 0x100000001b3: 0x1b3 into its own limb, 0x100 into the one 32 bits up.
    const carried0 = low * 0x1b3
    const carried1 = lower * 0x1b3 + (carried0 >>> 16)
    const carried2 = upper * 0x1b3 + low * 0x100 + (carried1 >>> 16)
    const carried3 = high * 0x1b3 + lower * 0x100 + (carried2 >>> 16)
    low = carried0 & 0xffff
    lower = carried1 & 0xffff
    upper = carried2 & 0xffff
    high = carried3 & 0xffff
  }
  return [high, upper, lower, low].map(limb => limb.toString(16).padStart(4, '0')).join('')
}
