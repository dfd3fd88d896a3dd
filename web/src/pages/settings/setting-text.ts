/** A value of a setting as one line: texts as they are, lists and maps as JSON, '' for what is empty. */
export function settingText(value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '' : JSON.stringify(value)
  return String(value)
}
