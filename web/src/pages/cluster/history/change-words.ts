import type { TFunction } from 'i18next'
import type { ToldChange } from '../../../../../src/model/history/told.ts'
import type { StatusCode } from '../../../../../src/contract/views.ts'
import { statusOrder } from '../../../drawing/trouble.ts'
import { duration } from '../../../words/format.ts'

/** So many servers of one change are named; the rest is counted. */
const namedMax = 4

export function serversWords({ servers }: ToldChange, nameOf: (key: string) => string, t: TFunction): string {
  const names = servers.slice(0, namedMax).map(nameOf).join(', ')
  return servers.length <= namedMax ? names : t('past.more', { names, count: servers.length - namedMax })
}

const roles = ['primary', 'intermediate', 'replica', 'co-primary', 'group-primary', 'group-member', 'binlog-server', 'unknown'] as const
const simple = ['writable', 'read-only', 'super-read-only', 'on', 'off'] as const

/** One side of a change in the page's language; what has no words here (versions, names that people gave) stays as it is. */
export function valueWords({ kind }: ToldChange, value: string, nameOf: (key: string) => string, t: TFunction): string {
  switch (kind) {
    case 'status': return value === '' ? t('past.none') : value.split(' ').map(code => statusWord(code, t)).join(' · ')
    case 'role': {
      const role = roles.find(each => each === value)
      return role === undefined ? value : t(`role.${role}`)
    }
    case 'source':
    case 'cluster': return value === '' ? t('past.none') : nameOf(value)
    case 'delay': return duration(Number(value))
    case 'semi-sync': return value === '' ? t('past.value.off') : value.split(', ').map(side => (side === 'replica' ? t('past.value.replica') : t('past.value.source', { counts: side.slice('source '.length) }))).join(' · ')
    case 'logging': return value.endsWith(' replica-updates') ? t('past.value.replicaUpdates', { format: value.slice(0, -' replica-updates'.length) }) : word(value, t)
    case 'read-only':
    case 'filters': return word(value, t)
    default: return value === '' ? t('past.none') : value
  }
}

/** What stands before and after; a server that came or went has only one side. */
export function sidesOf(change: ToldChange, nameOf: (key: string) => string, t: TFunction): { readonly before: string; readonly after: string } {
  const place = (source: string): string => (source === '' ? t('past.value.known') : t('past.value.replicaOf', { source: nameOf(source) }))
  if (change.kind === 'came') return { before: '–', after: place(change.to) }
  if (change.kind === 'went') return { before: place(change.from), after: t('past.value.gone') }
  return { before: valueWords(change, change.from, nameOf, t), after: valueWords(change, change.to, nameOf, t) }
}

function word(value: string, t: TFunction): string {
  const known = simple.find(each => each === value)
  return known === undefined ? value : t(`past.value.${known}`)
}

/** `applier-error:1062` */
function statusWord(identity: string, t: TFunction): string {
  const [code = '', number] = identity.split(':')
  const known = statusOrder.find((each): each is StatusCode => each === code)
  const name = known === undefined ? code : t(`status.${known}`)
  return number === undefined ? name : t('card.number', { word: name, number })
}
