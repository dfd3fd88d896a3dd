import { en } from './en.ts'

type MethodKey = keyof typeof en.method
// The edge: Object.keys loses the literal names; these are the keys of the table.
const methodKeys = Object.keys(en.method) as readonly MethodKey[]

/** The key of a method's word; a method that has none is called none. */
export const methodKey = (method: string): MethodKey => methodKeys.find(each => each === method) ?? 'none'
