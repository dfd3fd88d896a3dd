import type { TFunction } from 'i18next'
import type { ServerStatus, ServerView } from '../../../src/contract/views.ts'
import { duration } from '../words/format.ts'

/** A status as people read it, with its number where it has one: "SQL error 1062", "Lag 28 s". Unknown is never zero. */
export function statusWords(status: ServerStatus, server: Pick<ServerView, 'replication'> | null, t: TFunction): string {
  const { parameters } = status.reason
  const word = t(`status.${status.code}`)
  switch (status.code) {
    case 'applier-error':
    case 'receiver-error': {
      const error = status.code === 'applier-error' ? server?.replication?.applierError : server?.replication?.receiverError
      const number = parameters['number'] ?? error?.number
      return number === undefined ? word : t('card.number', { word, number })
    }
    case 'lag': {
      const seconds = parameters['seconds'] ?? server?.replication?.lagSeconds
      return typeof seconds === 'number' ? t('card.lag', { time: duration(seconds) }) : word
    }
    // Receiver and applier are two things: where one of them runs, the other is named.
    case 'stopped':
      if (server?.replication?.applier === 'running') return t('card.receiverStopped')
      return server?.replication?.receiver === 'running' ? t('card.applierStopped') : word
    case 'replicating': {
      // How far behind it was at another time is not kept.
      if (isPast(status)) return word
      const lag = server?.replication?.lagSeconds ?? null
      return lag === null ? t('card.replicatingUnknown') : t('card.replicatingLag', { time: duration(lag) })
    }
    default:
      return word
  }
}

/** Of another time: without lag, which is not kept (engine/operations/views/past-server.ts). */
const isPast = (status: ServerStatus): boolean => status.reason.parameters['isPast'] === true

/** How long a status has held, in its largest unit, for those that tell it; '' for healthy ones. */
export function statusAge(status: ServerStatus, now: number): string {
  if (status.since === null || status.severity === 'ok') return ''
  const seconds = (now - status.since) / 1000
  const unit = [86_400, 3600, 60].find(each => seconds >= each) ?? 1
  return duration(Math.floor(seconds / unit) * unit)
}

/** The whole state of a server as one sentence: what a screen reader says for its card. */
export function serverSentence(server: ServerView, name: string, nameOf: (key: string) => string, t: TFunction): string {
  const worst = server.statuses[0]
  const parts = [
    name,
    server.source === null ? t(`role.${server.role}`) : t('card.replicaOf', { source: nameOf(server.source) }),
    worst === undefined ? t('time.unknown') : statusWords(worst, server, t),
    ...(server.replication === null || worst?.code === 'lag' || worst?.code === 'replicating' || (worst !== undefined && isPast(worst)) ? [] : [lagWords(server, t)]),
    server.readOnly ? t('card.readOnly') : t('card.writable'),
    ...(server.dataCenter === '' ? [] : [t('card.site', { site: server.dataCenter })]),
    ...(server.downtime === null ? [] : [t('panel.downtime')]),
    ...(server.statuses.length > 1 ? [t('card.problems', { count: server.statuses.length - 1 })] : []),
  ]
  return parts.join(', ')
}

/** "lag 28 s" or "lag unknown". */
export function lagWords(server: ServerView, t: TFunction): string {
  const lag = server.replication?.lagSeconds ?? null
  return lag === null ? t('card.lagUnknown') : t('card.lagWords', { time: duration(lag) })
}

export const gtidWords = (server: ServerView, t: TFunction): string =>
  server.gtid === 'none' ? t('card.noGtid') : server.gtid === 'pseudo' ? t('card.pseudoGtid') : 'GTID'

/** "9.7.1 ROW": version without what a distribution adds, and format, with the image of rows where it is not the whole row. */
export const versionWords = (server: ServerView): string =>
  [server.version.replace(/-.*$/, ''), server.logBin ? [server.binlogFormat, ...(server.binlogFormat === 'ROW' && server.binlogRowImage !== 'FULL' ? [server.binlogRowImage] : [])].filter(part => part !== '').join('/') : ''].filter(part => part !== '').join(' ')
