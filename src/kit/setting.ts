/** One setting as its part declares it: the public key, the value when the file does not name it, and one line of meaning. Units are in the property's name. */
export interface Setting<Value> {
  readonly key: string
  readonly default: Value
  readonly says: string
}

/** The values of a table of settings, by property name: what a part is given. */
export type SettingValues<Table> = { readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never }

export const setting = <Value>(key: string, byDefault: Value, says: string): Setting<Value> => ({ key, default: byDefault, says })

/** The values when nothing is configured. */
export function defaultValues<Table extends Readonly<Record<string, Setting<unknown>>>>(table: Table): SettingValues<Table> {
  const values = Object.fromEntries(Object.entries(table).map(([name, { default: value }]) => [name, value]))
  return values as SettingValues<Table> // built of the same table, name by name
}

/**
 * The values of a table taken from all settings by public key; a key that is not there keeps its default. Each is read when it is asked for, so that
 * a part sees what a reload changed: it must not copy a value that may change.
 */
export function settingValues<Table extends Readonly<Record<string, Setting<unknown>>>>(table: Table, byKey: Readonly<Record<string, unknown>>): SettingValues<Table> {
  const values = {}
  for (const [name, entry] of Object.entries(table)) Object.defineProperty(values, name, { enumerable: true, get: () => byKey[entry.key] ?? entry.default })
  return values as SettingValues<Table> // types of the values were checked when the file was read
}
