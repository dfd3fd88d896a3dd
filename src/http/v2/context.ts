import type { MeView, StatusHourView, StatusView } from '../../contract/views.ts'
import type { HistoryParts } from '../../engine/operations/history-parts.ts'
import type { Operations } from '../../engine/operations/operations.ts'
import type { RecentRecoveries } from '../../engine/operations/recent-recoveries.ts'
import type { Views } from '../../engine/operations/views/views.ts'
import type { Request } from '../exchange.ts'
import type { HttpSettings } from '../settings.ts'

/** What the routes of version 2 answer from. */
export interface ApiParts {
  readonly operations: Operations
  readonly views: Views
  readonly history: HistoryParts
  readonly recent: RecentRecoveries
  /** Who acts when the authentication method names nobody. */
  readonly hostname: string
  readonly settings: HttpSettings
  me(asked: Pick<Request, 'person' | 'askedThrough'>): MeView
  status(): Promise<StatusView>
  statusHour(): StatusHourView
}
