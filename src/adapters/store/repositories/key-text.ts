import { hostOf, type InstanceKey, instanceKey, portOf } from '../../../model/topology/instance-key.ts'

/** The two columns that every table with servers begins with. */
export const keyColumns = (key: InstanceKey): { readonly hostname: string; readonly port: number } => ({ hostname: hostOf(key), port: portOf(key) })

/** `host:port,host:port`, the original's form of lists of servers. */
export const keysText = (keys: readonly InstanceKey[]): string => keys.join(',')

export function keysFromText(text: string): readonly InstanceKey[] {
  return text.split(',').flatMap(part => {
    const separator = part.lastIndexOf(':')
    const port = Number(part.slice(separator + 1))
    return separator > 0 && Number.isInteger(port) ? [instanceKey(part.slice(0, separator).trim(), port)] : []
  })
}
