import { recordTables } from './record-tables.ts'
import { fillIn, recogniser } from './recognise.ts'
import { type ReasonWords, wordsFor } from './reason-words.ts'
import { stages, stepMessages, type StepMessage } from './step-messages.ts'

/**
 * The record of a recovery keeps sentences, since the original's readers and tables do. The page takes them apart again by what they were made of,
 * and says them in its own words; what it does not recognise stands as it was written.
 */
type Known = { readonly is: string; readonly message: StepMessage } | { readonly is: string; readonly code: string }

const reasons = recordTables.flatMap(({ texts }) => Object.entries(texts).map(([code, is]): Known => ({ is, code })))
export const recogniseStep = recogniser<Known>([...stepMessages.map((message): Known => ({ is: message.is, message })), ...reasons], ({ is }) => is)

/** A message in a language; `words`: the reasons of that language, for those that come as reasons. */
export function sayStep(text: string, language: string, words: ReasonWords): string {
  const found = recogniseStep(text)
  if (found === null) return sayParts(text, language, words)
  const { template, values } = found
  // What a message quotes (why a step failed) was made of a template itself.
  const said = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, quoting.has(name) ? sayStep(value, language, words) : value]))
  if ('message' in template) {
    const own = language === 'zh' ? template.message.zh : (template.message.en ?? template.message.is)
    return fillIn(own, said)
  }
  return language === 'en' ? text : (wordsFor(words, template.code, said) ?? text)
}

/** Reasons are also strung together, and stand behind the server that they are about. */
function sayParts(text: string, language: string, words: ReasonWords): string {
  const sides = /^(\S+:\d+): ([\s\S]+)$/.exec(text)
  const parts = text.split('; ')
  if (parts.length > 1) {
    const said = parts.map(part => sayStep(part, language, words))
    return said.some((each, index) => each !== parts[index]) ? said.join(language === 'zh' ? '；' : '; ') : text
  }
  if (sides === null) return text
  const [, server = '', rest = ''] = sides
  const said = sayStep(rest, language, words)
  return said === rest ? text : `${server}${language === 'zh' ? '：' : ': '}${said}`
}

/** Values that are sentences themselves. */
const quoting: ReadonlySet<string> = new Set(['what', 'why', 'text', 'obstacle', 'errors', 'reasons', 'found', 'difference', 'failure', 'step', 'tried'])
export const stageName = (name: string, language: string): string => stages[name]?.[language === 'zh' ? 1 : 0] ?? name
