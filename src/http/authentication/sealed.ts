import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** A key for one purpose, made of a secret that people configured: what is sealed for one is not taken for the other. */
export const sealKey = (secret: string, purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'orchestrator', purpose, 32))

interface Sealed {
  readonly value: unknown
  readonly endsAt: number
}

const [ivBytes, tagBytes] = [12, 16]

/** A value that only holders of the key can read or make, until its time is over. AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). */
export function seal(key: Buffer, value: unknown, endsAt: number): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const text = Buffer.concat([cipher.update(JSON.stringify({ value, endsAt } satisfies Sealed), 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')
}

/** Null: it is not one of ours, was changed, or is over. */
export function unseal(key: Buffer, text: string | undefined, now: number): unknown {
  const bytes = Buffer.from(text ?? '', 'base64url')
  if (bytes.length <= ivBytes + tagBytes) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
    const plain = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
    const { value, endsAt } = JSON.parse(plain) as Sealed // what `seal` wrote: the tag is its proof
    return endsAt > now ? value : null
  } catch {
    // The tag does not fit: somebody else made it, or changed it.
    return null
  }
}
