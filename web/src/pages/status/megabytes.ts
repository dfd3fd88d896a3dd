import type { TFunction } from 'i18next'
import { number } from '../../words/format.ts'

const mebi = 1_048_576

/** Whole MiB; below ten with one digit. */
export function megabytes(t: TFunction, bytes: number): string {
  const parts = bytes < 10 * mebi ? 10 : 1
  return t('statusPage.megabytes', { value: number(Math.round((bytes / mebi) * parts) / parts) })
}
