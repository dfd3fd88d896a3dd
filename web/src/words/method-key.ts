import i18next from 'i18next'
import type { en } from './en.ts'

type MethodKey = keyof typeof en.method

/** The key of a method's word; a method that has none is called none. */
export const methodKey = (method: string): MethodKey => (isMethod(method) ? method : 'none')

const isMethod = (method: string): method is MethodKey => i18next.exists(`method.${method}`)
