export interface Random {
  /** `bytes` random bytes as lower-case hexadecimal text. */
  hex(bytes: number): string
  /** 0 ≤ x < 1. */
  fraction(): number
}
