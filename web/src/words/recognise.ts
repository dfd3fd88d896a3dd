/** A text that was made of a template, taken apart again. */
export interface Recognised<Template> {
  readonly template: Template
  readonly values: Readonly<Record<string, string>>
}

/** Templates with less of their own text than this would fit on anything. */
const ownTextMin = 4

/** Takes texts apart by templates with `{names}` in them; of several that fit, the one with most text of its own. */
export function recogniser<Template>(templates: readonly Template[], textOf: (template: Template) => string): (text: string) => Recognised<Template> | null {
  const patterns = templates
    .map(template => ({ template, names: namesIn(textOf(template)), own: ownText(textOf(template)).length, pattern: patternOf(textOf(template)) }))
    .filter(({ own }) => own >= ownTextMin)
    .toSorted((left, right) => right.own - left.own)
  return text => {
    for (const { template, names, pattern } of patterns) {
      const match = pattern.exec(text)
      if (match === null) continue
      return { template, values: Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? ''])) }
    }
    return null
  }
}

const placeholder = /\{(\w+)\}/g
const namesIn = (text: string): readonly string[] => [...text.matchAll(placeholder)].map(match => match[1] ?? '')
const ownText = (text: string): string => text.replace(placeholder, '')
const patternOf = (text: string): RegExp => new RegExp(`^${text.split(/\{\w+\}/).map(escaped).join('([\\s\\S]*?)')}$`)

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Puts values into a template. */
export const fillIn = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(placeholder, (whole, name: string) => values[name] ?? whole)
