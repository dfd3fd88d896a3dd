import type { SettingKey } from '../../src/config/keys.ts'

/** Settings that are known and checked and may be read by no part, with what stands instead; whoever makes one count takes it out. */
export const withoutEffect: Partial<Readonly<Record<SettingKey, string>>> = {
  SeedAcceptableBytesDiff: 'a copy is done when the agent of the target says so; the original never used it either',
}
